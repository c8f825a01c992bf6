// Mappings: taking address space from the kernel and giving it back. All are private, anonymous and
// inaccessible until committed.

import AddressSpace
import CLinux

package enum Mapping {
    /// `byteCount` bytes of address space wherever the kernel likes, inaccessible.
    package static func reserve(byteCount: UInt) throws(KernelError) -> UInt {
        try KernelError.checkAddress(
            kernel_map_anywhere(Int(bitPattern: byteCount), KERNEL_PROT_NONE))
    }

    /// Exactly `range`, inaccessible.
    ///
    /// - Throws: `.exists` if anything is mapped there; nothing is replaced.
    package static func reserve(_ range: PageRange) throws(KernelError) {
        try map(range, KERNEL_PROT_NONE)
    }

    /// Exactly `range`, readable and writable.
    ///
    /// - Throws: `.exists` if anything is mapped there; nothing is replaced.
    package static func makeReadWrite(_ range: PageRange) throws(KernelError) {
        try map(range, KERNEL_PROT_READ | KERNEL_PROT_WRITE)
    }

    private static func map(_ range: PageRange, _ protection: Int32) throws(KernelError) {
        let base = kernel_map_exactly(range.base, Int(bitPattern: range.byteCount), protection)
        _ = try KernelError.checkAddress(base)
    }

    /// Replaces mappings of ours by a fresh inaccessible one: contents and commit charge go.
    package static func discard(_ range: PageRange) throws(KernelError) {
        let base = kernel_map_over(range.base, Int(bitPattern: range.byteCount), KERNEL_PROT_NONE)
        _ = try KernelError.checkAddress(base)
    }

    /// Gives the memory of accessible pages of ours back; they read as zeros until they are written again.
    ///
    /// - Throws: `.invalid` if it is locked; nothing has changed then.
    package static func empty(at address: UInt, byteCount: UInt) throws(KernelError) {
        try KernelError.check(
            kernel_advise(address, Int(bitPattern: byteCount), KERNEL_MADV_DONTNEED))
    }

    /// Leaves pages out of core dumps: inaccessible ones, of which a dump would hold the addresses alone,
    /// a terabyte of them. Does not matter if it is refused.
    package static func keepOutOfDumps(_ range: PageRange) {
        Advice.give(KERNEL_MADV_DONTDUMP, at: range.base, byteCount: range.byteCount)
    }

    /// Puts pages into core dumps again. They are a mapping of their own then.
    ///
    /// - Throws: `.outOfMemory` at the limit on mappings; nothing has changed then.
    package static func putIntoDumps(_ range: PageRange) throws(KernelError) {
        try KernelError.check(
            kernel_advise(range.base, Int(bitPattern: range.byteCount), KERNEL_MADV_DODUMP))
    }

    /// Has the kernel hand zeros to the children of this process (Linux 4.14).
    package static func wipeInChildren(at address: UInt, byteCount: UInt) {
        Advice.give(KERNEL_MADV_WIPEONFORK, at: address, byteCount: byteCount)
    }

    /// Gives address space back.
    package static func release(_ range: PageRange) throws(KernelError) {
        try KernelError.check(kernel_unmap(range.base, Int(bitPattern: range.byteCount)))
    }

    /// Pages on either side of a table that nothing may touch, so that a program that runs past the
    /// end of its memory does not run into ours.
    private static let fence = Page.allocationGranularity

    /// Zeroed memory for a table of ours, read-write, lazily filled, page by small page: it is used
    /// here and there, and given back so.
    package static func table(byteCount: UInt) throws(KernelError) -> UInt {
        let whole = byteCount &+ 2 &* fence
        let base = try reserve(byteCount: whole)
        let inner = base &+ fence
        // The fence too, or the kernel would join it to an arena beside it, whose first pages would
        // then have to be cut out of the middle.
        HugePages.decline(at: base, byteCount: whole)
        do throws(KernelError) {
            try KernelError.check(
                kernel_protect(
                    inner, Int(bitPattern: byteCount), KERNEL_PROT_READ | KERNEL_PROT_WRITE))
        } catch {
            try KernelError.check(kernel_unmap(base, Int(bitPattern: whole)))
            throw error
        }
        return inner
    }

    /// Undoes `table`.
    package static func releaseTable(at address: UInt, byteCount: UInt) throws(KernelError) {
        try KernelError.check(
            kernel_unmap(address &- fence, Int(bitPattern: byteCount &+ 2 &* fence)))
    }
}

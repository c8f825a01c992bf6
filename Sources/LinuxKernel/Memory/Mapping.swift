// Takes address space from the kernel and gives it back. All mappings are private, anonymous and inaccessible
// until committed.

import AddressSpace
import CLinux

package enum Mapping {
    /// Maps `byteCount` inaccessible bytes at an address that the kernel chooses.
    package static func reserve(byteCount: UInt) throws(KernelError) -> UInt {
        try KernelError.checkAddress(
            kernel_map_anywhere(Int(bitPattern: byteCount), KERNEL_PROT_NONE))
    }

    /// Maps exactly `range`, inaccessible.
    ///
    /// - Throws: `.exists` if anything is mapped there; nothing is replaced.
    package static func reserve(_ range: PageRange) throws(KernelError) {
        try map(range, KERNEL_PROT_NONE)
    }

    /// Maps exactly `range`, read-write.
    ///
    /// - Throws: `.exists` if anything is mapped there; nothing is replaced.
    package static func makeReadWrite(_ range: PageRange) throws(KernelError) {
        try map(range, KERNEL_PROT_READ | KERNEL_PROT_WRITE)
    }

    private static func map(_ range: PageRange, _ protection: Int32) throws(KernelError) {
        let base = kernel_map_exactly(range.base, Int(bitPattern: range.byteCount), protection)
        _ = try KernelError.checkAddress(base)
    }

    /// Replaces mappings of ours by a fresh inaccessible one, which frees their contents and their charge at
    /// the kernel.
    package static func discard(_ range: PageRange) throws(KernelError) {
        let base = kernel_map_over(range.base, Int(bitPattern: range.byteCount), KERNEL_PROT_NONE)
        _ = try KernelError.checkAddress(base)
    }

    /// Frees the memory of accessible pages of ours. They read as zeros until they are written again.
    ///
    /// - Throws: `.invalid` if the pages are locked; nothing has changed then.
    package static func empty(at address: UInt, byteCount: UInt) throws(KernelError) {
        try KernelError.check(
            kernel_advise(address, Int(bitPattern: byteCount), KERNEL_MADV_DONTNEED))
    }

    /// Leaves inaccessible pages out of core dumps, which otherwise span the whole arena: a terabyte. A
    /// refusal does no harm.
    package static func keepOutOfDumps(_ range: PageRange) {
        Advice.give(KERNEL_MADV_DONTDUMP, at: range.base, byteCount: range.byteCount)
    }

    /// Puts pages into core dumps again. They then are a mapping of their own.
    ///
    /// - Throws: `.outOfMemory` at the limit on mappings; nothing has changed then.
    package static func putIntoDumps(_ range: PageRange) throws(KernelError) {
        try KernelError.check(
            kernel_advise(range.base, Int(bitPattern: range.byteCount), KERNEL_MADV_DODUMP))
    }

    /// Has the kernel zero these pages in children of this process (Linux 4.14).
    package static func wipeInChildren(at address: UInt, byteCount: UInt) {
        Advice.give(KERNEL_MADV_WIPEONFORK, at: address, byteCount: byteCount)
    }

    /// Gives address space back.
    package static func release(_ range: PageRange) throws(KernelError) {
        try KernelError.check(kernel_unmap(range.base, Int(bitPattern: range.byteCount)))
    }

    /// Inaccessible bytes on each side of a table, so that a program that overruns its own memory does not
    /// overwrite a table.
    private static let fence = Page.allocationGranularity

    /// Zeroed read-write memory for a table, which the kernel fills as it is touched. In small pages only,
    /// because a table is used sparsely and given back in parts.
    package static func table(byteCount: UInt) throws(KernelError) -> UInt {
        let whole = byteCount &+ 2 &* fence
        let base = try reserve(byteCount: whole)
        let inner = base &+ fence
        // The fence gets the same advice. Otherwise the kernel would merge it with an arena beside it, and
        // opening the first pages of that arena would divide one more mapping.
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

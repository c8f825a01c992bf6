// A guard marker (Linux 6.13) is a page-table entry that makes accesses to its page fault, without a mapping
// of its own. With markers a page of a read-write mapping can be uncommitted at low cost. Markers are not
// PAGE_GUARD.

import AddressSpace
import CLinux

package enum GuardMarkers {
    /// Frees the pages of `range`, and makes every access to them fault.
    ///
    /// - Throws: `.invalid` if a page is locked in RAM.
    @inline(__always)
    package static func install(on range: PageRange) throws(KernelError) {
        try advise(range, KERNEL_MADV_GUARD_INSTALL)
    }

    /// Makes the marked pages of `range` accessible; they read as zeros. Other pages keep their contents.
    @inline(__always)
    package static func remove(from range: PageRange) throws(KernelError) {
        try advise(range, KERNEL_MADV_GUARD_REMOVE)
    }

    /// Same as `remove`, but does nothing on a kernel without markers.
    package static func removeIfKnown(from range: PageRange) throws(KernelError) {
        do throws(KernelError) { try remove(from: range) } catch .invalid {}
    }

    @inline(__always)
    private static func advise(_ range: PageRange, _ advice: Int32) throws(KernelError) {
        try KernelError.check(
            kernel_advise(range.base, Int(bitPattern: range.byteCount), advice))
    }

    /// Whether this kernel has markers. Tries it on a page of our own.
    package static func areAvailable() -> Bool {
        do throws(KernelError) {
            let address = try Mapping.reserve(byteCount: Page.byteCount)
            let page = Page.index(of: address)
            let range = PageRange(from: page, to: page &+ 1)
            let works: Bool
            do throws(KernelError) {
                try install(on: range)
                works = true
            } catch {
                works = false
            }
            try Mapping.release(range)
            return works
        } catch {
            return false
        }
    }
}

// What the kernel may do with the contents of pages: drop them lazily (MEM_RESET), tell whether it
// has (MEM_RESET_UNDO), keep them in RAM (VirtualLock), bring them there beforehand.

import AddressSpace
import CLinux

package enum PageContents {
    /// Lets the kernel drop the contents of `range` when it needs memory. A page that is written
    /// again is kept from then on. Pages without contents, and guard markers, stay as they are.
    package static func letGo(_ range: PageRange) throws(KernelError) {
        try KernelError.check(
            kernel_advise(range.base, Int(bitPattern: range.byteCount), KERNEL_MADV_FREE))
    }

    /// Keeps pages that are in RAM there.
    package static func pin(_ range: PageRange) throws(KernelError) {
        try KernelError.check(kernel_lock_on_fault(range.base, Int(bitPattern: range.byteCount)))
    }

    /// Brings every page of `range` into RAM and keeps it there.
    ///
    /// - Throws: `.outOfMemory` or EPERM when RLIMIT_MEMLOCK does not allow it.
    package static func lock(_ range: PageRange) throws(KernelError) {
        try KernelError.check(kernel_lock(range.base, Int(bitPattern: range.byteCount)))
    }

    /// Undoes `pin` and `lock`.
    package static func unlock(_ range: PageRange) throws(KernelError) {
        try KernelError.check(kernel_unlock(range.base, Int(bitPattern: range.byteCount)))
    }

    /// Gives readable and writable pages their memory before they are touched. Contents stay.
    @inline(never)
    package static func populate(_ range: PageRange) {
        Advice.give(KERNEL_MADV_POPULATE_WRITE, at: range.base, byteCount: range.byteCount)
    }

    /// Which of the 64 pages from `page` on hold something, in RAM or in swap; lowest bit first.
    package static func present(from page: UInt) throws(KernelError) -> UInt64 {
        var bits: UInt64 = 0
        try KernelError.check(
            unsafe kernel_present_pages(Page.address(of: page), 64, &bits))
        return bits
    }

    /// Makes the kernel take a page for written, without changing a byte of it.
    ///
    /// - Precondition: The page is committed, mapped readable and writable, and claimed.
    package static func rewrite(_ page: UInt) { kernel_touch(Page.address(of: page)) }
}

// Tells the kernel what to do with the contents of pages: drop them when it needs memory (MEM_RESET), report
// whether it has (MEM_RESET_UNDO), keep them in RAM (VirtualLock), provide memory beforehand.

import AddressSpace
import CLinux

package enum PageContents {
    /// Lets the kernel drop the contents of `range` when it needs memory. A page that is written
    /// again is kept from then on. Pages without contents, and guard markers, stay as they are.
    package static func letGo(_ range: PageRange) throws(KernelError) {
        try KernelError.check(
            kernel_advise(range.base, Int(bitPattern: range.byteCount), KERNEL_MADV_FREE))
    }

    /// Drops the contents of `range` at once. The pages of private memory read as zero from then on.
    package static func drop(_ range: PageRange) throws(KernelError) {
        try KernelError.check(
            kernel_advise(range.base, Int(bitPattern: range.byteCount), KERNEL_MADV_DONTNEED))
    }

    /// Brings every page of `range` into RAM and keeps it there.
    ///
    /// - Throws: `.outOfMemory` or EPERM when RLIMIT_MEMLOCK does not allow it.
    package static func lock(_ range: PageRange) throws(KernelError) {
        try KernelError.check(kernel_lock(range.base, Int(bitPattern: range.byteCount)))
    }

    /// Undoes `lock`.
    package static func unlock(_ range: PageRange) throws(KernelError) {
        try KernelError.check(kernel_unlock(range.base, Int(bitPattern: range.byteCount)))
    }

    /// Provides the memory of read-write pages before they are touched. Contents stay.
    @inline(never)
    package static func populate(_ range: PageRange) {
        Advice.give(KERNEL_MADV_POPULATE_WRITE, at: range.base, byteCount: range.byteCount)
    }

    /// Which of at most 64 pages have contents, in RAM or in swap; lowest bit first.
    ///
    /// - Throws: If the kernel does not say.
    package static func present(in range: PageRange) throws(KernelError) -> UInt64 {
        var bits: UInt64 = 0
        try KernelError.check(
            unsafe kernel_present_pages(
                range.base, UInt32(truncatingIfNeeded: range.pageCount), &bits))
        return bits
    }

    /// Makes the kernel keep the contents of a page that it was free to drop.
    ///
    /// - Precondition: The page is committed, and claimed.
    /// - Returns: False if the kernel has dropped them, or does not say.
    package static func keep(_ page: UInt, _ access: Protection) -> Bool {
        let isWritable = access.kernelBits & KERNEL_PROT_WRITE != 0
        return kernel_keep_page(Page.address(of: page), isWritable ? 1 : 0) != 0
    }
}

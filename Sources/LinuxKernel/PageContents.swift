// What the kernel may do with the contents of pages: drop them lazily (MEM_RESET), tell whether it
// has (MEM_RESET_UNDO), keep them in RAM (VirtualLock).

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

    /// How many pages of `range` hold nothing, neither in RAM nor in swap.
    package static func absentPageCount(in range: PageRange) throws(KernelError) -> UInt {
        try KernelError.checkAddress(kernel_absent_pages(range.base, UInt64(range.pageCount)))
    }

    /// Makes the kernel take every page of `range` for written, without changing a byte.
    ///
    /// - Precondition: The pages are readable, writable and present, and the caller allows writing.
    package static func rewrite(_ range: PageRange) {
        var address = range.base
        while address < range.limit {
            kernel_touch(address)
            address &+= Page.byteCount
        }
    }
}

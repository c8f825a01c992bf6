// Transparent huge pages: 2 MiB that the kernel hands out at one fault. A part of one goes back to
// the system only when it has been taken apart.
// Not to be confused with MEM_LARGE_PAGES.

import AddressSpace
import CLinux

package enum HugePages {
    /// What one page of the kernel's page tables covers. Huge pages begin on multiples of it.
    package static let pageCount: UInt = 512

    /// True if the kernel hands them out unasked.
    package static var areMadeUnasked: Bool {
        var text: InlineArray<1, UInt8> = [0]
        var span = text.mutableSpan
        // The setting in force is in brackets, and "always" is the first.
        let path: StaticString = "/sys/kernel/mm/transparent_hugepage/enabled"
        return SystemFile.read(path, into: &span) == 1 && text[0] == 0x5B
    }

    /// Asks for huge pages in `range` when it is touched.
    package static func ask(for range: PageRange) {
        advise(range.base, range.byteCount, KERNEL_MADV_HUGEPAGE)
    }

    /// Asks for small pages only.
    static func decline(at address: UInt, byteCount: UInt) {
        advise(address, byteCount, KERNEL_MADV_NOHUGEPAGE)
    }

    /// Takes the huge page that `page` lies in, if it does, apart into small ones. Contents stay.
    package static func takeApart(at page: UInt) {
        // Aging a part is what makes the kernel split the whole.
        advise(Page.address(of: page), Page.byteCount, KERNEL_MADV_COLD)
    }

    private static func advise(_ address: UInt, _ byteCount: UInt, _ advice: Int32) {
        do throws(KernelError) {
            try KernelError.check(kernel_advise(address, Int(bitPattern: byteCount), advice))
        } catch {
            // A kernel without huge pages, at its limit on mappings, or with the page locked in RAM.
            // It is advice: memory is the same without it.
        }
    }
}

// Transparent huge pages: 2 MiB, or less where smaller sizes are enabled, that the kernel hands out at
// one fault. A part of one goes back to the system only when it has been taken apart.
// Not to be confused with MEM_LARGE_PAGES.

import AddressSpace
import CLinux

package enum HugePages {
    /// The largest: what one page of the kernel's page tables covers. It begins on a multiple of that,
    /// as the smaller ones do of their size.
    package static let pageCount: UInt = 512

    /// What the system's settings say.
    package struct Setting {
        /// True if the kernel hands them out unasked.
        package fileprivate(set) var areMadeUnasked = false
        /// Pages of the largest of less than 2 MiB that there may be; zero if there is none.
        package fileprivate(set) var smallerPageCount: UInt = 0
    }

    /// Reads eight small files.
    package static func setting() -> Setting {
        var setting = Setting()
        setting.note("/sys/kernel/mm/transparent_hugepage/enabled", 0)
        setting.note("/sys/kernel/mm/transparent_hugepage/hugepages-16kB/enabled", 4)
        setting.note("/sys/kernel/mm/transparent_hugepage/hugepages-32kB/enabled", 8)
        setting.note("/sys/kernel/mm/transparent_hugepage/hugepages-64kB/enabled", 16)
        setting.note("/sys/kernel/mm/transparent_hugepage/hugepages-128kB/enabled", 32)
        setting.note("/sys/kernel/mm/transparent_hugepage/hugepages-256kB/enabled", 64)
        setting.note("/sys/kernel/mm/transparent_hugepage/hugepages-512kB/enabled", 128)
        setting.note("/sys/kernel/mm/transparent_hugepage/hugepages-1024kB/enabled", 256)
        return setting
    }

    /// Asks for huge pages in `range` when it is touched.
    package static func ask(for range: PageRange) {
        Advice.give(KERNEL_MADV_HUGEPAGE, at: range.base, byteCount: range.byteCount)
    }

    /// Asks for small pages only.
    static func decline(at address: UInt, byteCount: UInt) {
        Advice.give(KERNEL_MADV_NOHUGEPAGE, at: address, byteCount: byteCount)
    }

    /// Takes the huge page that `page` lies in, if it does, apart into small ones. Contents stay.
    package static func takeApart(at page: UInt) {
        // Aging a part is what makes the kernel split the whole.
        Advice.give(KERNEL_MADV_COLD, at: Page.address(of: page), byteCount: Page.byteCount)
    }
}

extension HugePages.Setting {
    /// Of the words in the file the one in force is in brackets; "always" is the first, "never" the last.
    fileprivate mutating func note(_ path: StaticString, _ pageCount: UInt) {
        let bracket: (opening: UInt8, closing: UInt8) = (0x5B, 0x5D)
        var text = InlineArray<48, UInt8>(repeating: 0)
        var span = text.mutableSpan
        // With a line feed at the end. No such file on a kernel without them.
        let count = SystemFile.read(path, into: &span)
        if count < 2 || text[count &- 2] == bracket.closing { return }
        areMadeUnasked = areMadeUnasked || text[0] == bracket.opening
        smallerPageCount = max(smallerPageCount, pageCount)
    }
}

// Transparent huge pages: 2 MiB, or less where smaller sizes are enabled, which the kernel provides at one
// fault. A part of a huge page goes back to the system only after the page was split. These are not the large
// pages of MEM_LARGE_PAGES.

import AddressSpace
import CLinux

package enum HugePages {
    /// The size of the largest: the span of one page of the kernel's page tables. Each huge page is aligned
    /// to its size.
    package static let pageCount: UInt = 512

    /// The settings of the system.
    package struct Setting {
        /// True if the kernel makes huge pages without being asked.
        package fileprivate(set) var areMadeUnasked = false
        /// Size in pages of the largest huge pages below 2 MiB; zero if there are none.
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

    /// Splits the huge page that contains `page`, if there is one. Contents stay.
    package static func takeApart(at page: UInt) {
        // Advice to age a part of a huge page makes the kernel split it.
        Advice.give(KERNEL_MADV_COLD, at: Page.address(of: page), byteCount: Page.byteCount)
    }
}

extension HugePages.Setting {
    /// Reads a settings file, in which the current value is in brackets; "always" is the first, "never" the
    /// last.
    fileprivate mutating func note(_ path: StaticString, _ pageCount: UInt) {
        var text = InlineArray<48, UInt8>(repeating: 0)
        var span = text.mutableSpan
        // The text ends with a line feed. A kernel without huge pages has no such file.
        let count = SystemFile.read(path, into: &span)
        if count < 2 || text[count &- 2] == UInt8(ascii: "]") { return }
        areMadeUnasked = areMadeUnasked || text[0] == UInt8(ascii: "[")
        smallerPageCount = max(smallerPageCount, pageCount)
    }
}

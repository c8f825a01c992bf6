// Which pages of this process are in RAM.

import AddressSpace
import CLinux

/// The kernel's description of pages, opened once for all questions of one call.
package struct ResidentPages: ~Copyable {
    package enum Presence {
        case absent
        /// A page of a file or of shared memory.
        case shared
        case `private`
        /// In RAM; the kernel does not say more.
        case present
    }

    private let file: Int

    package init() { file = kernel_open_pages() }

    /// Must be called at the end.
    package func close() { kernel_close_mappings(file) }

    /// - Complexity: One system call.
    package func presence(of page: UInt) -> Presence {
        switch kernel_page_presence(file, Page.address(of: page)) {
        case KERNEL_PAGE_ABSENT: .absent
        case KERNEL_PAGE_OF_FILE: .shared
        case KERNEL_PAGE_PRIVATE: .private
        default: .present
        }
    }
}

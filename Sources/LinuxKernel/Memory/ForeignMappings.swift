// Memory that is not ours: program images, stacks, the C heap, other people's mappings.

import AddressSpace
import CLinux

/// One mapping as the kernel describes it. Addresses in bytes, `end` exclusive.
package struct ForeignMapping {
    package let start: UInt
    package let end: UInt
    package let isReadable: Bool
    package let isWritable: Bool
    package let isExecutable: Bool
    package let isShared: Bool
    /// The file behind it; zero for anonymous memory.
    package let inode: UInt64
    package let device: UInt64

    package var isFileBacked: Bool { inode != 0 }

    /// False if it cannot be of this library's making.
    package var mayBeOurs: Bool { !isFileBacked && !isShared }

    /// True if both map the same file.
    package func hasSameFile(as other: ForeignMapping) -> Bool {
        isFileBacked && inode == other.inode && device == other.device
    }
}

extension ForeignMapping {
    /// Whether `page` can be read, or is one that the mapping permits to read in vain: one of the kernel's
    /// own ([vvar]), of a device, or behind the end of a file. And up to where that is so, at most `end`.
    ///
    /// - Complexity: A system call for files that are no program code, and for each page of the kernel's
    ///   own; more only where something cannot be read.
    package func readability(from page: UInt, to end: UInt) -> (isAsPermitted: Bool, end: UInt) {
        if !isReadable { return (true, end) }
        if isFileBacked { return isExecutable ? (true, end) : readabilityOfFile(page, end) }
        if isWritable || isShared || self.end &- start > Page.address(of: mostKernelPages) {
            return (true, end)
        }
        let isReadable = canRead(page)
        var next = page &+ 1
        while next < end && canRead(next) == isReadable { next &+= 1 }
        return (isReadable, next)
    }

    /// The mappings of the kernel's own are smaller.
    private var mostKernelPages: UInt { 16 }

    /// What can be read of a file ends somewhere, or nowhere.
    private func readabilityOfFile(_ page: UInt, _ end: UInt) -> (isAsPermitted: Bool, end: UInt) {
        if canRead(end &- 1) { return (true, end) }
        if !canRead(page) { return (false, end) }
        var readable = page
        var unreadable = end &- 1
        while unreadable &- readable > 1 {
            let middle = readable &+ (unreadable &- readable) / 2
            if canRead(middle) { readable = middle } else { unreadable = middle }
        }
        return (true, unreadable)
    }

    private func canRead(_ page: UInt) -> Bool { kernel_can_read(Page.address(of: page), 1) != 0 }
}

/// The kernel's list of mappings, opened for as many looks as one call of ours needs.
package struct ForeignMappings: ~Copyable {
    /// Its descriptor; negative until the first look.
    private var file = -1

    package init() {}

    /// To be called at last.
    package mutating func close() {
        if file >= 0 { kernel_close_mappings(file) }
        file = -1
    }

    /// The mapping that contains `address`, or the next one above it; `nil` if there is none.
    ///
    /// - Complexity: One system call; the first look one more, and one when the list is closed.
    ///   Signal-safe.
    package mutating func first(atOrAfter address: UInt) -> ForeignMapping? {
        if file < 0 { file = kernel_open_mappings() }
        var found = kernel_mapping()
        if unsafe kernel_mapping_in(file, address, &found) != 0 { return nil }
        let protection = Int32(truncatingIfNeeded: found.protection)
        return ForeignMapping(
            start: UInt(found.start), end: UInt(found.end),
            isReadable: protection & KERNEL_PROT_READ != 0,
            isWritable: protection & KERNEL_PROT_WRITE != 0,
            isExecutable: protection & KERNEL_PROT_EXEC != 0,
            isShared: found.is_shared != 0, inode: found.inode, device: found.device)
    }

    /// The same for a single look.
    package static func first(atOrAfter address: UInt) -> ForeignMapping? {
        var mappings = ForeignMappings()
        defer { mappings.close() }
        return mappings.first(atOrAfter: address)
    }

    /// False without /proc, or without the right to read it: then all memory looks free.
    package static var areVisible: Bool { first(atOrAfter: 0) != nil }

    /// The lowest mapping that a new one at `range` would touch. The main stack goes down as far as
    /// it may grow: a mapping there would end the process some day.
    package static func obstacle(in range: PageRange) -> PageRange? {
        guard let mapping = first(atOrAfter: range.base) else { return nil }
        var start = mapping.start
        let stack = main_stack_address()
        if mapping.start <= stack && stack < mapping.end {
            let lowest = mapping.end &- min(UInt(main_stack_reach()), mapping.end)
            // Arenas end with a granule.
            start = min(start, Page.roundedDownToGranularity(lowest))
        }
        if start >= range.limit { return nil }
        return PageRange(
            from: Page.index(of: start), to: min(Page.index(of: mapping.end), Page.endOfMap))
    }
}

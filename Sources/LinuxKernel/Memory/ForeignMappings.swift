// Memory that is not ours: program images, stacks, the C heap, mappings of other code.

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

    /// False if this library cannot have made the mapping.
    package var mayBeOurs: Bool { !isFileBacked && !isShared }

    /// True if both map the same file.
    package func hasSameFile(as other: ForeignMapping) -> Bool {
        isFileBacked && inode == other.inode && device == other.device
    }
}

extension ForeignMapping {
    /// Whether `page` behaves as the mapping's protection says. A page of a readable mapping may still not be
    /// readable: one of the kernel's own ([vvar]), of a device, or behind the end of a file. Also where the
    /// pages with the same answer end, at most at `end`.
    ///
    /// - Complexity: A system call for file mappings that are not executable, and for each page of the
    ///   kernel's own; more only if a page cannot be read.
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

    /// The kernel's own mappings have at most this many pages.
    private var mostKernelPages: UInt { 16 }

    /// Finds by bisection where the readable part of a file mapping ends, if it does.
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

    private func canRead(_ page: UInt) -> Bool { SafeAccess.canRead(Page.address(of: page), 1) }
}

/// The kernel's list of mappings, opened once for all searches of one call.
package struct ForeignMappings: ~Copyable {
    /// Its file descriptor; negative until the first search.
    private var file = -1
    /// Whether the list is that of this process.
    package let areOwn: Bool

    package init() { areOwn = true }

    /// The list of another process.
    ///
    /// - Throws: EACCES if the kernel does not show it; ENOENT or ESRCH if the process has ended.
    package init(of process: OtherProcess) throws(KernelError) {
        areOwn = false
        file = Int(
            bitPattern: try KernelError.checkAddress(kernel_open_mappings_of(process.identifier)))
    }

    /// Must be called at the end.
    package mutating func close() {
        if file >= 0 { kernel_close_mappings(file) }
        file = -1
    }

    /// The mapping that contains `address`, or the next one above it; `nil` if there is none.
    ///
    /// - Complexity: One system call; the first search takes one more, and so does closing. Signal-safe.
    package mutating func first(atOrAfter address: UInt) -> ForeignMapping? {
        var found = kernel_mapping()
        if areOwn {
            if file < 0 { file = kernel_open_mappings() }
            if unsafe kernel_mapping_in(file, address, &found) != 0 { return nil }
        } else if unsafe kernel_mapping_in_list(file, address, &found) != 0 {
            return nil
        }
        let protection = Int32(truncatingIfNeeded: found.protection)
        return ForeignMapping(
            start: UInt(found.start), end: UInt(found.end),
            isReadable: protection & KERNEL_PROT_READ != 0,
            isWritable: protection & KERNEL_PROT_WRITE != 0,
            isExecutable: protection & KERNEL_PROT_EXEC != 0,
            isShared: found.is_shared != 0, inode: found.inode, device: found.device)
    }

    /// Same as the method, for a single search.
    package static func first(atOrAfter address: UInt) -> ForeignMapping? {
        var mappings = ForeignMappings()
        defer { mappings.close() }
        return mappings.first(atOrAfter: address)
    }

    /// False without /proc, or without the right to read it: then all memory looks free.
    package static var areVisible: Bool { first(atOrAfter: 0) != nil }

    /// The lowest mapping that overlaps `range`. The main stack counts down to where it may grow, because a
    /// mapping there could end the process later.
    package static func obstacle(in range: PageRange) -> PageRange? {
        guard let mapping = first(atOrAfter: range.base) else { return nil }
        var start = mapping.start
        let stack = main_stack_address()
        if mapping.start <= stack && stack < mapping.end {
            let lowest = mapping.end &- min(UInt(main_stack_reach()), mapping.end)
            // Rounded down, because arenas end with a granule.
            start = min(start, Page.roundedDownToGranularity(lowest))
        }
        if start >= range.limit { return nil }
        return PageRange(
            from: Page.index(of: start), to: min(Page.index(of: mapping.end), Page.endOfMap))
    }
}

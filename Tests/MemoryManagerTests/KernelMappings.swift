// What the kernel has in a part of the address space, as /proc/self/maps tells.

import AddressSpace
import Glibc

enum KernelMappings {
    /// How many of the kernel's mappings have a page in `range`.
    static func count(in range: PageRange) -> Int {
        guard let file = unsafe fopen("/proc/self/maps", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 4096)
        var count = 0
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            var end: UnsafeMutablePointer<CChar>?
            let start = unsafe strtoul(line, &end, 16)
            guard let after = unsafe end, unsafe after.pointee == 0x2D else { continue }
            let limit = unsafe strtoul(after + 1, nil, 16)
            if UInt(start) < range.limit && UInt(limit) > range.base { count += 1 }
        }
        return count
    }
}

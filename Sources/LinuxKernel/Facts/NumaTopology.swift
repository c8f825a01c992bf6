// The NUMA nodes of the machine and their processors, and the preference for a node.

import AddressSpace
import CLinux

package enum NumaTopology {
    /// The number of processors in one mask.
    package static var processorsPerGroup: UInt32 { @inline(__always) get { 64 } }

    /// Number of the highest node that is online; zero if the kernel does not say.
    package static func highestNode() -> UInt32 {
        var highest: UInt32 = 0
        var text = InlineArray<256, UInt8>(repeating: 0)
        var span = text.mutableSpan
        let count = SystemFile.read("/sys/devices/system/node/online", into: &span)
        NumberList.forEachRange(in: text, count: count) { _, last in highest = max(highest, last) }
        return highest
    }

    /// The processors of `node` whose numbers are in `group`, as a mask.
    ///
    /// - Returns: `nil` if the machine has no such node.
    package static func processors(of node: UInt32, group: UInt32) -> UInt64? {
        var text = InlineArray<256, UInt8>(repeating: 0)
        var span = text.mutableSpan
        let count = unsafe span.withUnsafeMutableBytes { buffer in
            unsafe numa_node_processors(node, buffer.baseAddress, buffer.count)
        }
        if count < 0 {
            // A kernel without NUMA has one node with everything.
            var mask: UInt64 = 0
            _ = unsafe process_processors(&mask)
            return node == 0 && highestNode() == 0 ? (group == 0 ? mask : 0) : nil
        }
        var mask: UInt64 = 0
        let first = group &* processorsPerGroup
        NumberList.forEachRange(in: text, count: count) { low, high in
            var number = max(low, first)
            while number <= high && number &- first < processorsPerGroup {
                mask |= 1 &<< UInt64(number &- first)
                number &+= 1
            }
        }
        return mask
    }

    /// The node of processor `number`.
    package static func node(ofProcessor number: UInt32) -> UInt32? {
        let highest = highestNode()
        var node: UInt32 = 0
        while node <= highest {
            if let mask = processors(of: node, group: number / processorsPerGroup),
                mask &>> UInt64(number % processorsPerGroup) & 1 == 1
            {
                return node
            }
            node &+= 1
        }
        return nil
    }
}

package enum NumaPolicy {
    /// Asks the kernel to take new pages of `range` from `node` while it has some.
    package static func prefer(_ node: UInt32, for range: PageRange) {
        // A refusal (a kernel without NUMA, a node without memory) is ignored, because the node is a hint.
        _ = kernel_prefer_node(range.base, Int(bitPattern: range.byteCount), node)
    }
}

// The only place that decodes MEM_EXTENDED_PARAMETER arrays.

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

/// The requests that VirtualAlloc2 has beyond those of VirtualAlloc.
struct ExtendedParameters {
    var interface = AllocationInterface.plain
    /// Limits and alignment; its page count is not set.
    var placing = PlacementRequest(pageCount: 0)
    var hasAddressRequirements = false
    /// The preferred NUMA node; `nil` if the kernel chooses.
    var node: UInt32?
    /// The array names a partition or physical memory, neither of which exists here.
    var isUnsupported = false
}

extension ExtendedParameters {
    private static let byteCount = 16

    /// Decodes `count` parameters (behaviour 10.3 to 10.11).
    ///
    /// - Throws: `.invalidParameter`; `.noAccess` if the array, or what it points to, is unreadable.
    init(_ parameters: UnsafeMutablePointer<MEM_EXTENDED_PARAMETER>?, count: ULONG)
        throws(MemoryError)
    {
        self.init()
        interface = .extended
        if count == 0 { return }
        guard let words = UnsafeRawPointer(parameters) else { throw .invalidParameter }
        // Each type may occur once, so a longer array is refused before it is read.
        if count >= MemExtendedParameterMax.rawValue { throw .invalidParameter }
        let total = Int(count) &* ExtendedParameters.byteCount
        unsafe try CallerMemory.requireReadable(words, byteCount: total)
        var seen: UInt32 = 0
        for index in 0..<Int(count) {
            let parameter = UInt(bitPattern: words) &+ UInt(index &* ExtendedParameters.byteCount)
            var words: (kind: UInt, value: UInt) = (0, 0)
            try CallerMemory.load(&words, at: parameter)
            let type = UInt8(truncatingIfNeeded: words.kind)
            let bit: UInt32 = 1 &<< UInt32(type & 31)
            if type == 0 || type >= MemExtendedParameterMax.rawValue || seen & bit != 0 {
                throw .invalidParameter
            }
            seen |= bit
            try apply(type, words.value)
        }
    }

    private mutating func apply(_ type: UInt8, _ value: UInt) throws(MemoryError) {
        switch UInt32(type) {
        case MemExtendedParameterAddressRequirements.rawValue:
            try applyRequirements(at: value)
        case MemExtendedParameterNumaNode.rawValue:
            let number = UInt32(truncatingIfNeeded: value)
            if number != NUMA_NO_PREFERRED_NODE { node = try NumaNode.existing(number) }
        case MemExtendedParameterAttributeFlags.rawValue:
            let known =
                UInt(MEM_EXTENDED_PARAMETER_GRAPHICS | MEM_EXTENDED_PARAMETER_NONPAGED)
                | UInt(MEM_EXTENDED_PARAMETER_ZERO_PAGES_OPTIONAL)
                | UInt(MEM_EXTENDED_PARAMETER_NONPAGED_LARGE | MEM_EXTENDED_PARAMETER_NONPAGED_HUGE)
                | UInt(MEM_EXTENDED_PARAMETER_SOFT_FAULT_PAGES)
            if value & ~known != 0 { throw .invalidParameter }
        case MemExtendedParameterImageMachine.rawValue: throw .invalidParameter
        default: isUnsupported = true
        }
    }

    private mutating func applyRequirements(at address: UInt) throws(MemoryError) {
        if address == 0 { throw .invalidParameter }
        var requirements: (UInt, UInt, UInt) = (0, 0, 0)
        try CallerMemory.load(&requirements, at: address)
        let (lowest, highest, alignment) = requirements
        hasAddressRequirements = lowest | highest | alignment != 0
        if alignment != 0 {
            if alignment < Page.allocationGranularity || alignment & (alignment &- 1) != 0 {
                throw .invalidParameter
            }
            placing.alignment = alignment
        }
        if lowest & (Page.allocationGranularity &- 1) != 0 || lowest >= Page.endOfApplicationSpace {
            throw .invalidParameter
        }
        placing.lowest = max(lowest, Page.lowestAddress)
        if highest == 0 { return }
        if (highest &+ 1) & (Page.byteCount &- 1) != 0 || highest >= Page.endOfApplicationSpace
            || lowest >= highest
        {
            throw .invalidParameter
        }
        placing.end = min(highest &+ 1, Page.endOfReservableSpace)
    }
}

enum NumaNode {
    /// - Throws: `.invalidParameter` unless the machine has node `number`.
    static func existing(_ number: UInt32) throws(MemoryError) -> UInt32 {
        if number > NumaTopology.highestNode() { throw .invalidParameter }
        return number
    }
}

// NUMA nodes and their processors.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("GetNumaHighestNodeNumber") @implementation
public func GetNumaHighestNodeNumber(_ HighestNodeNumber: PULONG?) -> BOOL {
    guard let HighestNodeNumber = unsafe HighestNodeNumber else {
        return fail(.noAccess, BOOL.failure)
    }
    unsafe HighestNodeNumber.pointee = NumaTopology.highestNode()
    return BOOL.success
}

@_cdecl("GetNumaNodeProcessorMask") @implementation
public func GetNumaNodeProcessorMask(_ Node: UCHAR, _ ProcessorMask: PULONGLONG?) -> BOOL {
    guard let ProcessorMask = unsafe ProcessorMask else { return fail(.noAccess, BOOL.failure) }
    guard let mask = NumaTopology.processors(of: UInt32(Node), group: 0) else {
        return fail(.invalidParameter, BOOL.failure)
    }
    unsafe ProcessorMask.pointee = mask
    return BOOL.success
}

@_cdecl("GetNumaNodeProcessorMaskEx") @implementation
public func GetNumaNodeProcessorMaskEx(_ Node: USHORT, _ ProcessorMask: PGROUP_AFFINITY?) -> BOOL {
    guard let ProcessorMask = unsafe ProcessorMask else { return fail(.noAccess, BOOL.failure) }
    var group: UInt32 = 0
    // 4096 processors, which is more than the kernel supports on one node.
    let mostGroups: UInt32 = 64
    while true {
        guard let mask = NumaTopology.processors(of: UInt32(Node), group: group) else {
            return fail(.invalidParameter, BOOL.failure)
        }
        let isLast = group == mostGroups &- 1
        if mask != 0 || isLast {
            unsafe ProcessorMask.pointee = GROUP_AFFINITY(
                Mask: KAFFINITY(mask), Group: mask == 0 ? 0 : WORD(group), Reserved: (0, 0, 0))
            return BOOL.success
        }
        group &+= 1
    }
}

@_cdecl("GetNumaProcessorNode") @implementation
public func GetNumaProcessorNode(_ Processor: UCHAR, _ NodeNumber: PUCHAR?) -> BOOL {
    guard let NodeNumber = unsafe NodeNumber else { return fail(.noAccess, BOOL.failure) }
    guard let node = NumaTopology.node(ofProcessor: UInt32(Processor)) else {
        unsafe NodeNumber.pointee = UCHAR.max
        return fail(.invalidParameter, BOOL.failure)
    }
    unsafe NodeNumber.pointee = UCHAR(truncatingIfNeeded: node)
    return BOOL.success
}

@_cdecl("GetNumaProcessorNodeEx") @implementation
public func GetNumaProcessorNodeEx(
    _ Processor: PPROCESSOR_NUMBER?, _ NodeNumber: PUSHORT?
) -> BOOL {
    guard let Processor = unsafe Processor, let NodeNumber = unsafe NodeNumber else {
        return fail(.noAccess, BOOL.failure)
    }
    let number =
        unsafe UInt32(Processor.pointee.Group) &* NumaTopology.processorsPerGroup
        &+ UInt32(Processor.pointee.Number)
    guard let node = NumaTopology.node(ofProcessor: number) else {
        unsafe NodeNumber.pointee = USHORT.max
        return fail(.invalidParameter, BOOL.failure)
    }
    unsafe NodeNumber.pointee = USHORT(truncatingIfNeeded: node)
    return BOOL.success
}

@_cdecl("GetPhysicallyInstalledSystemMemory") @implementation
public func GetPhysicallyInstalledSystemMemory(_ TotalMemoryInKilobytes: PULONGLONG?) -> BOOL {
    guard let TotalMemoryInKilobytes = unsafe TotalMemoryInKilobytes else {
        return fail(.invalidParameter, BOOL.failure)
    }
    unsafe TotalMemoryInKilobytes.pointee = MemoryLimits.installedByteCount >> 10
    return BOOL.success
}

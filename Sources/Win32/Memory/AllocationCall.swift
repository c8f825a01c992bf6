// The part that all allocating entry points share after decoding: the pages that a call names, and the one
// call down.

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

/// The pages that the call names; without an address, as many pages at the start of the address space.
///
/// A reservation begins on a granule, everything else on a page (behaviour 3.22 to 3.26), also what replaces a
/// placeholder (10.13).
@inline(__always)
func pages(
    at address: UInt, _ byteCount: UInt, _ request: AllocationRequest
) throws(MemoryError) -> PageRange {
    let room = Page.endOfApplicationSpace &- max(address, Page.lowestAddress)
    if address >= Page.endOfApplicationSpace || byteCount > room { throw .invalidParameter }
    var base = address
    switch request {
    case .reserve: base = Page.roundedDownToGranularity(address)
    case .largePages:
        if (address | byteCount) & (LargePage.byteCount &- 1) != 0 { throw .invalidParameter }
    case .reset, .undoReset, .replace: if address == 0 { throw .invalidParameter }
    case .commit, .unsupported: break
    }
    guard let range = PageRange(spanning: base, byteCount: byteCount &+ (address &- base)),
        byteCount != 0
    else { throw .invalidParameter }
    return range
}

/// Carries out `request`.
///
/// - Parameters:
///   - whole: Only the pages that lie wholly inside the caller's bytes, for a reset.
///   - placing: Where new addresses may lie if `address` is zero; its page count is filled in here.
/// - Returns: The rounded base.
@inline(__always)
func perform(
    _ request: AllocationRequest, on range: PageRange, _ whole: PageRange?, at address: UInt,
    _ protection: PageProtection, _ placing: PlacementRequest
) throws(MemoryError) -> UInt {
    let base = try call(request, on: range, whole, at: address, protection, placing)
    ThreadSanitizer.getsMemory()
    return base
}

@inline(__always)
private func call(
    _ request: AllocationRequest, on range: PageRange, _ whole: PageRange?, at address: UInt,
    _ protection: PageProtection, _ placing: PlacementRequest
) throws(MemoryError) -> UInt {
    let memory = MemoryManager.shared
    var placing = placing
    placing.pageCount = range.pageCount
    switch request {
    case .commit where address != 0:
        try memory.commit(range, protection)
    case .commit:
        return try memory.reserve(placing, protection, .atOnce)
    case .reserve(let backed) where address == 0:
        return try memory.reserve(placing, protection, backed)
    case .reserve(let backed):
        if range.limit > Page.endOfReservableSpace { throw .rangeConflicts }
        try memory.reserve(range, protection, backed)
    case .replace(let backed):
        try memory.replacePlaceholder(range, protection, backed)
    case .reset:
        try memory.reset(range, whole: whole)
    case .undoReset:
        try memory.undoReset(range, whole: whole)
    case .largePages: throw .privilegeNotHeld
    case .unsupported: throw .notSupported
    }
    return range.base
}

/// The direction that MEM_TOP_DOWN asks for, or its absence.
@inline(__always)
func direction(of type: DWORD) -> PlacementRequest.Direction {
    type & DWORD(MEM_TOP_DOWN) == 0 ? .lowestFirst : .highestFirst
}

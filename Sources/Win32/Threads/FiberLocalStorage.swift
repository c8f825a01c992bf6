// FlsAlloc, FlsGetValue, FlsSetValue, FlsFree.

import AddressSpace
import CWin32
import LinuxKernel

private func slot(_ index: DWORD) -> Int? {
    index == 0 || index >= ThreadStorage.flsSlots.count
        ? nil : ThreadStorage.flsSlots.lowerBound &+ Int(index)
}

@_cdecl("FlsAlloc") @implementation
public func FlsAlloc(_ lpCallback: PFLS_CALLBACK_FUNCTION?) -> DWORD {
    let callback = unsafe UInt64(unsafeBitCast(lpCallback, to: UInt.self))
    let slots = ThreadStorage.flsSlots
    let use = callback == 0 ? ThreadStorage.plainUse : callback
    if let slot = ThreadStorage.allocate(in: slots.lowerBound &+ 1..<slots.upperBound, for: use) {
        return DWORD(slot &- slots.lowerBound)
    }
    return fail(.outOfAddressSpace, DWORD(FLS_OUT_OF_INDEXES))
}

@_cdecl("FlsGetValue") @implementation
public func FlsGetValue(_ dwFlsIndex: DWORD) -> PVOID? {
    guard let slot = slot(dwFlsIndex) else { return unsafe fail(.invalidParameter, nil) }
    setLastError(DWORD(ERROR_SUCCESS))
    return unsafe ThreadStorage.value(of: slot)
}

@_cdecl("FlsGetValue2") @implementation
public func FlsGetValue2(_ dwFlsIndex: DWORD) -> PVOID? {
    guard let slot = slot(dwFlsIndex) else { return nil }
    return unsafe ThreadStorage.value(of: slot)
}

@_cdecl("FlsSetValue") @implementation
public func FlsSetValue(_ dwFlsIndex: DWORD, _ lpFlsData: PVOID?) -> BOOL {
    guard let slot = slot(dwFlsIndex) else { return fail(.invalidParameter, BOOL.failure) }
    return unsafe ThreadStorage.set(lpFlsData, of: slot)
        ? BOOL.success : fail(.outOfAddressSpace, BOOL.failure)
}

@_cdecl("FlsFree") @implementation
public func FlsFree(_ dwFlsIndex: DWORD) -> BOOL {
    guard let slot = slot(dwFlsIndex) else { return fail(.invalidParameter, BOOL.failure) }
    let wasUsed = unsafe ThreadStorage.free(slot) { use, value in
        if use != ThreadStorage.plainUse { unsafe ThreadValues.call(use, with: value) }
    }
    return wasUsed ? BOOL.success : fail(.invalidParameter, BOOL.failure)
}

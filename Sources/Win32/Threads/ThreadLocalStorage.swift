// TlsAlloc, TlsGetValue, TlsSetValue, TlsFree.

import AddressSpace
import CWin32

private func slot(_ index: DWORD) -> Int? {
    index < ThreadStorage.tlsSlots.upperBound ? Int(index) : nil
}

@_cdecl("TlsAlloc") @implementation
public func TlsAlloc() -> DWORD {
    let slot = ThreadStorage.allocate(in: ThreadStorage.tlsSlots, for: ThreadStorage.plainUse)
    if let slot { return DWORD(slot) }
    return fail(DWORD(ERROR_NO_MORE_ITEMS), DWORD(TLS_OUT_OF_INDEXES))
}

@_cdecl("TlsGetValue") @implementation
public func TlsGetValue(_ dwTlsIndex: DWORD) -> LPVOID? {
    guard let slot = slot(dwTlsIndex) else { return unsafe fail(.invalidParameter, nil) }
    // A success sets the last error too, because callers tell a NULL value from a failure by it (Learn,
    // TlsGetValue).
    setLastError(DWORD(ERROR_SUCCESS))
    return unsafe ThreadStorage.value(of: slot)
}

@_cdecl("TlsGetValue2") @implementation
public func TlsGetValue2(_ dwTlsIndex: DWORD) -> LPVOID? {
    guard let slot = slot(dwTlsIndex) else { return nil }
    return unsafe ThreadStorage.value(of: slot)
}

@_cdecl("TlsSetValue") @implementation
public func TlsSetValue(_ dwTlsIndex: DWORD, _ lpTlsValue: LPVOID?) -> BOOL {
    guard let slot = slot(dwTlsIndex) else { return fail(.invalidParameter, BOOL.failure) }
    return unsafe ThreadStorage.set(lpTlsValue, of: slot)
        ? BOOL.success : fail(.outOfAddressSpace, BOOL.failure)
}

@_cdecl("TlsFree") @implementation
public func TlsFree(_ dwTlsIndex: DWORD) -> BOOL {
    guard let slot = slot(dwTlsIndex), unsafe ThreadStorage.free(slot, { _, _ in }) else {
        return fail(.invalidParameter, BOOL.failure)
    }
    return BOOL.success
}

// WaitOnAddress: addresses share 64 pairs of words, so that values of every size can be waited on.

import AddressSpace
import CWin32
import LinuxKernel

/// The pair of words of an address: the count of wake-ups, and the number of sleepers.
private struct Bucket {
    let wakeUps: WaitableWord
    let sleepers: WaitableWord

    init(for address: UInt) {
        let index = Int((address &>> 3 ^ address &>> 9) & 63)
        let words = unsafe FixedStorage.addressWaits + index &* 8
        wakeUps = unsafe WaitableWord(words)
        sleepers = unsafe WaitableWord(words + 4)
    }
}

@_cdecl("WaitOnAddress") @implementation
public func WaitOnAddress(
    _ Address: UnsafeMutableRawPointer?, _ CompareAddress: PVOID?, _ AddressSize: SIZE_T,
    _ dwMilliseconds: DWORD
) -> BOOL {
    guard let Address = unsafe Address, let CompareAddress = unsafe CompareAddress,
        AddressSize.nonzeroBitCount == 1, AddressSize <= 8
    else {
        return fail(.invalidParameter, BOOL.failure)
    }
    let expected = unsafe value(at: CompareAddress, AddressSize)
    if unsafe value(at: Address, AddressSize) != expected { return BOOL.success }
    let bucket = Bucket(for: UInt(bitPattern: Address))
    let deadline = Deadline.after(dwMilliseconds)
    bucket.sleepers.add(1)
    let seen = bucket.wakeUps.value
    // The value is read again after the count: a waker that changes it later raises the count.
    let isInTime =
        unsafe value(at: Address, AddressSize) != expected
        || bucket.wakeUps.wait(while: seen, until: deadline)
    bucket.sleepers.add(UInt32.max)
    if isInTime { return BOOL.success }
    return fail(DWORD(ERROR_TIMEOUT), BOOL.failure)
}

private func value(at address: UnsafeMutableRawPointer, _ byteCount: UInt) -> UInt64 {
    switch byteCount {
    case 1: unsafe UInt64(address.loadUnaligned(as: UInt8.self))
    case 2: unsafe UInt64(address.loadUnaligned(as: UInt16.self))
    case 4: unsafe UInt64(address.loadUnaligned(as: UInt32.self))
    default: unsafe address.loadUnaligned(as: UInt64.self)
    }
}

@_cdecl("WakeByAddressSingle") @implementation
public func WakeByAddressSingle(_ Address: PVOID?) { unsafe WakeByAddressAll(Address) }

@_cdecl("WakeByAddressAll") @implementation
public func WakeByAddressAll(_ Address: PVOID?) {
    let bucket = Bucket(for: UInt(bitPattern: Address))
    // The caller's store must become visible before the sleepers are read here.
    if bucket.sleepers.add(0) == 0 { return }
    bucket.wakeUps.add(1)
    bucket.wakeUps.wakeAll()
}

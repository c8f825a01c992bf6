// Random bytes, under the two names that programs use.

import CWin32
import LinuxKernel

@_cdecl("BCryptGenRandom") @implementation
public func BCryptGenRandom(
    _ hAlgorithm: BCRYPT_ALG_HANDLE?, _ pbBuffer: PUCHAR?, _ cbBuffer: ULONG, _ dwFlags: ULONG
) -> NTSTATUS {
    let preferred = ULONG(BCRYPT_USE_SYSTEM_PREFERRED_RNG)
    if dwFlags & ~(preferred | ULONG(BCRYPT_RNG_USE_ENTROPY_IN_BUFFER)) != 0 {
        return NativeStatus.value(STATUS_INVALID_PARAMETER)
    }
    if UInt(bitPattern: hAlgorithm) != 0 || dwFlags & preferred == 0 {
        return NativeStatus.value(STATUS_INVALID_HANDLE)
    }
    guard let pbBuffer = unsafe pbBuffer else {
        return NativeStatus.value(STATUS_INVALID_PARAMETER)
    }
    return unsafe RandomBytes.fill(pbBuffer, byteCount: Int(cbBuffer))
        ? NativeStatus.success : NativeStatus.value(STATUS_UNSUCCESSFUL)
}

@_cdecl("SystemFunction036") @implementation
public func SystemFunction036(_ RandomBuffer: PVOID?, _ RandomBufferLength: ULONG) -> BOOLEAN {
    guard let RandomBuffer = unsafe RandomBuffer else { return 0 }
    return unsafe RandomBytes.fill(RandomBuffer, byteCount: Int(RandomBufferLength)) ? 1 : 0
}

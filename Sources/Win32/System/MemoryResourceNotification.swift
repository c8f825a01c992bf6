// Memory resource notifications: handles whose state is determined when it is queried.

import AddressSpace
import CWin32
import LinuxKernel

@_cdecl("CreateMemoryResourceNotification") @implementation
public func CreateMemoryResourceNotification(
    _ NotificationType: MEMORY_RESOURCE_NOTIFICATION_TYPE
) -> HANDLE? {
    do throws(MemoryError) {
        let kind: HandleKind
        switch NotificationType {
        case LowMemoryResourceNotification: kind = .lowMemory
        case HighMemoryResourceNotification: kind = .highMemory
        default: throw .invalidParameter
        }
        return unsafe try HandleTable.insert(HandleEntry(kind: kind, rights: DWORD(SYNCHRONIZE)))
    } catch {
        return unsafe fail(error, nil)
    }
}

@_cdecl("QueryMemoryResourceNotification") @implementation
public func QueryMemoryResourceNotification(
    _ ResourceNotificationHandle: HANDLE?, _ ResourceState: PBOOL?
) -> BOOL {
    do throws(MemoryError) {
        let value = Int(bitPattern: ResourceNotificationHandle)
        if value == 0 || value == -1 { throw .invalidParameter }
        let kind = unsafe try HandleTable.entry(of: ResourceNotificationHandle).kind
        if kind != .lowMemory && kind != .highMemory { throw .invalidHandle }
        let memory = MemoryLimits.memoryNow()
        // 32 MiB for each 4 GiB, 64 MiB at most (Learn, CreateMemoryResourceNotification).
        let scarce = min(memory.totalByteCount / 128, 64 << 20)
        let isSignalled =
            kind == .lowMemory
            ? memory.availableByteCount < scarce : memory.availableByteCount > 3 * scarce
        unsafe try CallerMemory.store(isSignalled ? BOOL.success : BOOL.failure, at: ResourceState)
        return BOOL.success
    } catch {
        return fail(error, BOOL.failure)
    }
}

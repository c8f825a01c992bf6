// The NT calls on this process, with their in/out words in one place.
#ifndef NATIVE_CHECKS_H
#define NATIVE_CHECKS_H

#ifdef __MINGW32__
#define WIN32_NO_STATUS
#endif
#include "memory_checks.h"
#undef WIN32_NO_STATUS

#include <ntstatus.h>
#include <winternl.h>

#ifdef __MINGW32__
NTSYSAPI NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE, PVOID *, ULONG_PTR, PSIZE_T, ULONG, ULONG);
NTSYSAPI NTSTATUS NTAPI NtAllocateVirtualMemoryEx(HANDLE, PVOID *, PSIZE_T, ULONG, ULONG,
                                                  MEM_EXTENDED_PARAMETER *, ULONG);
NTSYSAPI NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE, PVOID *, PSIZE_T, ULONG);
NTSYSAPI NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE, PVOID *, PSIZE_T, ULONG, PULONG);
NTSYSAPI NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE, PVOID, ULONG, PVOID, SIZE_T, PSIZE_T);
#endif

struct native_range {
    PVOID base;
    SIZE_T byte_count;
};

static inline struct native_range native_range(const void *base, SIZE_T byte_count) {
    struct native_range range = {(PVOID)(ULONG_PTR)base, byte_count};
    return range;
}

static inline NTSTATUS allocate(struct native_range *range, ULONG type, ULONG protection) {
    return NtAllocateVirtualMemory(GetCurrentProcess(), &range->base, 0, &range->byte_count, type,
                                   protection);
}

static inline NTSTATUS free_range(struct native_range *range, ULONG type) {
    return NtFreeVirtualMemory(GetCurrentProcess(), &range->base, &range->byte_count, type);
}

static inline NTSTATUS protect_range(struct native_range *range, ULONG protection, ULONG *before) {
    return NtProtectVirtualMemory(GetCurrentProcess(), &range->base, &range->byte_count, protection,
                                  before);
}

#define CHECK_STATUS(call, status) CHECK_EQUAL((ULONG)(call), (ULONG)(status))
#define CHECK_RANGE(range, expected_base, expected_byte_count)                                     \
    (CHECK_EQUAL((ULONG_PTR)(range).base, (ULONG_PTR)(expected_base)),                             \
     CHECK_EQUAL((range).byte_count, (expected_byte_count)))

#endif

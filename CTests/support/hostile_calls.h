// A call for every pointer that a function takes: it is given the pointer under test, and is right
// in all other arguments.
#ifndef HOSTILE_CALLS_H
#define HOSTILE_CALLS_H

#include "memory_checks.h"

#include <bcrypt.h>
#include <ntsecapi.h>
#include <psapi.h>
#include <winternl.h>

static BYTE *read_only_page, *reserved_page, *last_writable;
static HANDLE own_token;

static void *valid_bytes(void) {
    static _Alignas(16) BYTE bytes[512];
    memset(bytes, 0, sizeof bytes);
    return bytes;
}

typedef void call(void *p);
#define CALL(name, ...)                                                                            \
    static void name(void *p) {                                                                    \
        (void)(__VA_ARGS__);                                                                       \
    }

CALL(stack_low, (GetCurrentThreadStackLimits(p, valid_bytes()), 0))
CALL(stack_high, (GetCurrentThreadStackLimits(valid_bytes(), p), 0))
CALL(processor_number, (GetCurrentProcessorNumberEx(p), 0))
CALL(counter, QueryPerformanceCounter(p))
CALL(frequency, QueryPerformanceFrequency(p))
CALL(file_time, (GetSystemTimeAsFileTime(p), 0))
CALL(highest_node, GetNumaHighestNodeNumber(p))
CALL(node_mask, GetNumaNodeProcessorMask(0, p))
CALL(node_mask_ex, GetNumaNodeProcessorMaskEx(0, p))
CALL(processor_node, GetNumaProcessorNode(0, p))
CALL(processor_node_ex, GetNumaProcessorNodeEx(valid_bytes(), p))
CALL(processor_node_in, GetNumaProcessorNodeEx(p, valid_bytes()))
CALL(installed_memory, GetPhysicallyInstalledSystemMemory(p))
CALL(memory_counters, GetProcessMemoryInfo(GetCurrentProcess(), p, 80))
CALL(modules, EnumProcessModules(GetCurrentProcess(), p, 64, valid_bytes()))
CALL(modules_needed, EnumProcessModules(GetCurrentProcess(), valid_bytes(), 64, p))
CALL(module_information,
     GetModuleInformation(GetCurrentProcess(), GetModuleHandleA(NULL), p, sizeof(MODULEINFO)))
CALL(module_handle, GetModuleHandleExA(0, "kernel32", p))
CALL(module_path, GetModuleFileNameA(NULL, p, MAX_PATH))
CALL(module_path_wide, GetModuleFileNameW(NULL, p, MAX_PATH))
CALL(message, FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 5, 0, p, 512, NULL))
CALL(message_wide, FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM, NULL, 5, 0, p, 512, NULL))
CALL(message_slot, FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL,
                                  5, 0, p, 0, NULL))
CALL(local_free, LocalFree(p))
CALL(token, OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, p))
CALL(luid, LookupPrivilegeValueA(NULL, SE_LOCK_MEMORY_NAME, p))
CALL(privilege_name, LookupPrivilegeValueA(NULL, p, valid_bytes()))
CALL(duplicate, DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), GetCurrentProcess(), p, 0,
                                FALSE, DUPLICATE_SAME_ACCESS))
CALL(job, IsProcessInJob(GetCurrentProcess(), NULL, p))
CALL(job_limits, QueryInformationJobObject(NULL, JobObjectExtendedLimitInformation, p,
                                           sizeof(JOBOBJECT_EXTENDED_LIMIT_INFORMATION), NULL))
CALL(resource_state, QueryMemoryResourceNotification(
                         CreateMemoryResourceNotification(LowMemoryResourceNotification), p))
CALL(environment, GetEnvironmentVariableA("PATH", p, 64))
CALL(environment_name, GetEnvironmentVariableA(p, valid_bytes(), 64))
CALL(random_bytes, BCryptGenRandom(NULL, p, 64, BCRYPT_USE_SYSTEM_PREFERRED_RNG))
CALL(more_random_bytes, SystemFunction036(p, 64))
CALL(to_wide, MultiByteToWideChar(CP_UTF8, 0, "wide characters", -1, p, 64))
CALL(to_wide_from, MultiByteToWideChar(CP_UTF8, 0, p, -1, valid_bytes(), 64))
CALL(to_bytes, WideCharToMultiByte(CP_UTF8, 0, L"bytes, many", -1, p, 64, NULL, NULL))
CALL(native_base, NtAllocateVirtualMemory(GetCurrentProcess(), p, 0, valid_bytes(), MEM_RESERVE, 1))
CALL(native_size, NtAllocateVirtualMemory(GetCurrentProcess(), valid_bytes(), 0, p, MEM_RESERVE, 1))
CALL(native_base_ex,
     NtAllocateVirtualMemoryEx(GetCurrentProcess(), p, valid_bytes(), MEM_RESERVE, 1, NULL, 0))
CALL(native_size_ex,
     NtAllocateVirtualMemoryEx(GetCurrentProcess(), valid_bytes(), p, MEM_RESERVE, 1, NULL, 0))
CALL(native_parameters, NtAllocateVirtualMemoryEx(GetCurrentProcess(), valid_bytes(), valid_bytes(),
                                                  MEM_RESERVE, 1, p, 1))
CALL(native_free, NtFreeVirtualMemory(GetCurrentProcess(), p, valid_bytes(), MEM_RELEASE))
CALL(native_protect, NtProtectVirtualMemory(GetCurrentProcess(), p, valid_bytes(), 1, p))
CALL(native_query, NtQueryVirtualMemory(GetCurrentProcess(), valid_bytes(), MemoryBasicInformation,
                                        p, sizeof(MEMORY_BASIC_INFORMATION), NULL))
CALL(parameters, VirtualAlloc2(NULL, NULL, 4096, MEM_RESERVE, PAGE_READWRITE, p, 1))
CALL(debug_text, (OutputDebugStringA(p), 0))
CALL(lock_start, (InitializeSRWLock(p), 0))
CALL(lock_exclusive, (AcquireSRWLockExclusive(p), 0))
CALL(lock_shared, (AcquireSRWLockShared(p), 0))
CALL(lock_try, TryAcquireSRWLockExclusive(p))
CALL(lock_end, (ReleaseSRWLockExclusive(p), 0))
CALL(section_start, (InitializeCriticalSection(p), 0))
CALL(section_enter, (EnterCriticalSection(p), 0))
CALL(section_try, TryEnterCriticalSection(p))
CALL(section_spin, SetCriticalSectionSpinCount(p, 10))
CALL(section_leave, (LeaveCriticalSection(p), 0))
CALL(section_delete, (DeleteCriticalSection(p), 0))
CALL(condition_start, (InitializeConditionVariable(p), 0))
CALL(condition_sleep, SleepConditionVariableSRW(p, valid_bytes(), 0, 0))
CALL(condition_wake, (WakeConditionVariable(p), 0))
CALL(condition_wake_all, (WakeAllConditionVariable(p), 0))
CALL(once_start, (InitOnceInitialize(p), 0))
CALL(once_begin, InitOnceBeginInitialize(p, 0, valid_bytes(), NULL))
CALL(once_pending, InitOnceBeginInitialize(valid_bytes(), 0, p, NULL))
CALL(once_complete, InitOnceComplete(p, 0, NULL))
CALL(once_run, InitOnceExecuteOnce(valid_bytes(), (PINIT_ONCE_FN)(ULONG_PTR)p, NULL, NULL))
CALL(wait_on, WaitOnAddress(p, valid_bytes(), 8, 0))
CALL(wait_compared, WaitOnAddress(valid_bytes(), p, 8, 0))
CALL(wake_address, (WakeByAddressAll(p), 0))

CALL(filter, UnhandledExceptionFilter(p))
CALL(handler, RemoveVectoredExceptionHandler(p))
CALL(continue_handler, RemoveVectoredContinueHandler(p))
CALL(bad_read, IsBadReadPtr(p, 4096))
CALL(bad_write, IsBadWritePtr(p, 4096))
CALL(bad_code, IsBadCodePtr((FARPROC)(ULONG_PTR)p))
CALL(bad_string, IsBadStringPtrA(p, 4096))
CALL(close_handle, p != GetCurrentProcess() && CloseHandle(p))
CALL(free_library, FreeLibrary(p))
CALL(function_of, GetProcAddress(p, "VirtualAlloc"))
CALL(function_named, GetProcAddress(GetModuleHandleA("kernel32"), p))
CALL(module_named, GetModuleHandleA(p))
CALL(module_around,
     GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, p, (HMODULE *)valid_bytes()))
CALL(load_named, LoadLibraryW(p))
CALL(new_privileges, AdjustTokenPrivileges(own_token, FALSE, p, 0, NULL, NULL))
CALL(old_privileges, AdjustTokenPrivileges(own_token, TRUE, NULL, 64, p, valid_bytes()))
CALL(privileges_length, AdjustTokenPrivileges(own_token, TRUE, NULL, 64, valid_bytes(), p))
CALL(old_protection, VirtualProtect(read_only_page, 1, PAGE_READONLY, p))
CALL(instructions, FlushInstructionCache(GetCurrentProcess(), p, 64))
CALL(fiber_callback, FlsFree(FlsAlloc((PFLS_CALLBACK_FUNCTION)(ULONG_PTR)p)))

#define ROW(name)                                                                                  \
    { #name, name }
static const struct {
    const char *name;
    call *run;
} calls[] = {
    ROW(stack_low),
    ROW(stack_high),
    ROW(processor_number),
    ROW(counter),
    ROW(frequency),
    ROW(file_time),
    ROW(highest_node),
    ROW(node_mask),
    ROW(node_mask_ex),
    ROW(processor_node),
    ROW(processor_node_ex),
    ROW(processor_node_in),
    ROW(installed_memory),
    ROW(memory_counters),
    ROW(modules),
    ROW(modules_needed),
    ROW(module_information),
    ROW(module_handle),
    ROW(module_path),
    ROW(module_path_wide),
    ROW(message),
    ROW(message_wide),
    ROW(message_slot),
    ROW(local_free),
    ROW(token),
    ROW(luid),
    ROW(privilege_name),
    ROW(duplicate),
    ROW(job),
    ROW(job_limits),
    ROW(resource_state),
    ROW(environment),
    ROW(environment_name),
    ROW(random_bytes),
    ROW(more_random_bytes),
    ROW(to_wide),
    ROW(to_wide_from),
    ROW(to_bytes),
    ROW(native_base),
    ROW(native_size),
    ROW(native_base_ex),
    ROW(native_size_ex),
    ROW(native_parameters),
    ROW(native_free),
    ROW(native_protect),
    ROW(native_query),
    ROW(parameters),
    ROW(debug_text),
    ROW(lock_start),
    ROW(lock_exclusive),
    ROW(lock_shared),
    ROW(lock_try),
    ROW(lock_end),
    ROW(section_start),
    ROW(section_enter),
    ROW(section_try),
    ROW(section_spin),
    ROW(section_leave),
    ROW(section_delete),
    ROW(condition_start),
    ROW(condition_sleep),
    ROW(condition_wake),
    ROW(condition_wake_all),
    ROW(once_start),
    ROW(once_begin),
    ROW(once_pending),
    ROW(once_complete),
    ROW(once_run),
    ROW(wait_on),
    ROW(wait_compared),
    ROW(wake_address),
    ROW(filter),
    ROW(handler),
    ROW(continue_handler),
    ROW(bad_read),
    ROW(bad_write),
    ROW(bad_code),
    ROW(bad_string),
    ROW(close_handle),
    ROW(free_library),
    ROW(function_of),
    ROW(function_named),
    ROW(module_named),
    ROW(module_around),
    ROW(load_named),
    ROW(new_privileges),
    ROW(old_privileges),
    ROW(privileges_length),
    ROW(old_protection),
    ROW(instructions),
    ROW(fiber_callback),
};

#endif

// Makes a call of a history.
#include "access.h"
#include "answer.h"
#include "refusals.h"

#include <ntstatus.h>
#include <string.h>
#include <sys/mman.h>
#include <winternl.h>

static DWORD error_of(int succeeded) {
    DWORD error = GetLastError();
    if (succeeded && error != UNTOUCHED_ERROR)
        fail("last error", "success changed the last error to 0x%x", (unsigned)error);
    if (!succeeded && (error == UNTOUCHED_ERROR || error == 0))
        fail("last error", "a refusal set no last error");
    return succeeded ? 0 : error;
}

static DWORD error_of_status(NTSTATUS status) {
    if (GetLastError() != UNTOUCHED_ERROR)
        fail("last error", "an NT call changed the last error to 0x%x", (unsigned)GetLastError());
    return status >= 0 ? 0 : RtlNtStatusToDosError(status);
}

static void allocate2(const struct call *call, struct answer *answer) {
    ULONG_PTR base = windows[far_window];
    MEM_ADDRESS_REQUIREMENTS limits = {(void *)(base + call->low), (void *)(base + call->end - 1),
                                       call->alignment};
    MEM_EXTENDED_PARAMETER parameter;
    memset(&parameter, 0, sizeof parameter);
    parameter.Type = MemExtendedParameterAddressRequirements;
    parameter.Pointer = &limits;
    answer->address = (ULONG_PTR)VirtualAlloc2(NULL, NULL, call->size, call->type, call->protection,
                                               &parameter, 1);
    answer->error = error_of(answer->address != 0);
}

static void make_nt_call(const struct call *call, struct answer *answer) {
    PVOID base = (PVOID)address_of(call);
    SIZE_T size = call->size;
    NTSTATUS status = call->what == call_nt_alloc
                          ? NtAllocateVirtualMemory(GetCurrentProcess(), &base, 0, &size,
                                                    call->type, call->protection)
                      : call->what == call_nt_free
                          ? NtFreeVirtualMemory(GetCurrentProcess(), &base, &size, call->type)
                          : NtProtectVirtualMemory(GetCurrentProcess(), &base, &size,
                                                   call->protection, &answer->before);
    answer->error = error_of_status(status);
    answer->address = (ULONG_PTR)base;
    answer->size = size;
}

static struct answer make_plain_call(const struct call *call) {
    struct answer answer = {0, 0, 0, 0xAAAA, 0};
    void *address = (void *)address_of(call);
    SetLastError(UNTOUCHED_ERROR);
    switch (call->what) {
    case call_alloc:
        answer.address = (ULONG_PTR)VirtualAlloc(address, call->size, call->type, call->protection);
        answer.error = error_of(answer.address != 0);
        break;
    case call_alloc2:
        allocate2(call, &answer);
        break;
    case call_placeholder:
        answer.address = (ULONG_PTR)VirtualAlloc2(NULL, address, call->size, call->type,
                                                  call->protection, NULL, 0);
        answer.error = error_of(answer.address != 0);
        break;
    case call_free:
        answer.error = error_of(VirtualFree(address, call->size, call->type));
        break;
    case call_protect:
        answer.error =
            error_of(VirtualProtect(address, call->size, call->protection, &answer.before));
        break;
    case call_lock:
        answer.error = error_of(VirtualLock(address, call->size));
        break;
    case call_unlock:
        answer.error = error_of(VirtualUnlock(address, call->size));
        break;
    default:
        make_nt_call(call, &answer);
    }
    return answer;
}

struct answer make_call(const struct call *call) {
    if (call->refuse)
        refuse_calls(call->refuse, call->refuse_again, call->tag);
    struct answer answer = make_plain_call(call);
    if (call->refuse)
        answer.refused = stop_refusing();
    return answer;
}

ULONG_PTR address_of(const struct call *call) {
    if (call->anchor == no_anchor)
        return 0;
    ULONG_PTR base =
        call->anchor < window_count ? windows[call->anchor] : blocks[call->anchor - window_count];
    return base + (ULONG_PTR)(LONG_PTR)call->offset;
}

struct range range_of(const struct call *call) {
    struct range range = {address_of(call), call->size};
    return range;
}

static void write_pages(const struct call *call) {
    struct range range = range_of(call);
    for (ULONG_PTR number = first_page(range); number < end_page(range); number++) {
        if (!is_writable(model_page(number)))
            continue;
        uint64_t *words = (uint64_t *)(number * page_bytes);
        for (int i = 0; i < page_bytes / 8; i++)
            words[i] = call->tag;
        model_write(number, call->tag);
    }
}

static void take_pages(const struct call *call) {
    struct range range = range_of(call);
    ULONG_PTR first = first_page(range), end = end_page(range);
    madvise((void *)(first * page_bytes), (end - first) * page_bytes, MADV_PAGEOUT);
}

void perform(struct call *call) {
    struct range range = range_of(call);
    if (range.address < USABLE_END && call->anchor != no_anchor &&
        (is_others(first_page(range)) || is_others(end_page(range) - 1)))
        return;
    if (call->what == call_write) {
        write_pages(call);
    } else if (call->what == call_load || call->what == call_store) {
        if (history->has_handler)
            touch_page(call);
    } else if (call->what == call_take) {
        take_pages(call);
    } else if (call->what != call_lock || !lock_is_open(range_of(call))) {
        struct answer answer = make_call(call);
        judge(call, &answer);
    }
}

// Compares the answer of a call with the model's.
#include "answer.h"

// What may be answered instead of success where the kernel has too little of something.
static int is_short_of_something(const struct call *call, const struct answer *answer) {
    DWORD error = answer->error;
    int refused = answer->refused;
    int is_short = error == ERROR_NOT_ENOUGH_MEMORY || error == ERROR_COMMITMENT_LIMIT ||
                   error == ERROR_WORKING_SET_QUOTA;
    int frees = call->what == call_free || call->what == call_nt_free;
    if (frees) // 4.11: whoever gives back must not be told that there is too little
        return is_short && (refused > 1 || soak_left_out("frees"));
    return is_short && (refused > 0 || history->at_limit || call->what == call_lock);
}

static void expect(struct call *call, DWORD error, DWORD expected) {
    call->expected = expected;
    if (error != expected)
        fail("answer", "expected error 0x%x, got 0x%x", (unsigned)expected, (unsigned)error);
}

static void expect_range(const struct call *call, const struct answer *answer, DWORD error) {
    struct range range = range_of(call);
    ULONG_PTR base = range.address;
    SIZE_T size = range.size;
    if (error == 0) {
        SIZE_T unit =
            call->what == call_nt_alloc && (call->type & MEM_RESERVE) ? granule_bytes : page_bytes;
        base = range.address / unit * unit;
        size = end_page(range) * page_bytes - base;
        if (range.size == 0 && call->type == MEM_DECOMMIT)
            size = 0;
        else if (range.size == 0)
            size = answer->size; // compared by what is free afterwards
    }
    if (answer->address != base || answer->size != size)
        fail("in/out", "expected range 0x%llx, 0x%llx, got 0x%llx, 0x%llx",
             (unsigned long long)base, (unsigned long long)size,
             (unsigned long long)answer->address, (unsigned long long)answer->size);
}

static int is_well_formed(DWORD protection) {
    DWORD base = protection & ~(DWORD)PAGE_GUARD;
    return (base == PAGE_NOACCESS || base == PAGE_READONLY || base == PAGE_READWRITE ||
            base == PAGE_EXECUTE || base == PAGE_EXECUTE_READ || base == PAGE_EXECUTE_READWRITE) &&
           protection != (PAGE_NOACCESS | PAGE_GUARD);
}

static int is_placeholder_free(const struct call *call) {
    return (call->what == call_free || call->what == call_nt_free) &&
           (call->type == (MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER) ||
            call->type == (MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS));
}

static int is_replacement(const struct call *call) {
    return call->what == call_placeholder && (call->type & MEM_REPLACE_PLACEHOLDER) != 0;
}

static int is_a_type(const struct call *call) {
    DWORD type = call->type;
    if (call->what == call_free || call->what == call_nt_free)
        return type == MEM_DECOMMIT || type == MEM_RELEASE || is_placeholder_free(call);
    if (call->what == call_placeholder)
        return (type == (MEM_RESERVE | MEM_RESERVE_PLACEHOLDER) &&
                call->protection == PAGE_NOACCESS) ||
               (type & ~(DWORD)MEM_COMMIT) == (MEM_RESERVE | MEM_REPLACE_PLACEHOLDER);
    if (call->what == call_alloc || call->what == call_nt_alloc || call->what == call_alloc2) {
        DWORD plain = type & ~(DWORD)MEM_TOP_DOWN;
        return plain == MEM_RESERVE || plain == MEM_COMMIT || plain == (MEM_RESERVE | MEM_COMMIT) ||
               type == MEM_RESET || type == MEM_RESET_UNDO;
    }
    return 1;
}

// The checks that come before all that depends on pages.
static DWORD argument_error(const struct call *call) {
    struct range range = range_of(call);
    int frees = call->what == call_free || call->what == call_nt_free;
    int has_protection = !frees && call->what != call_lock && call->what != call_unlock;
    if (!is_a_type(call) || (has_protection && !is_well_formed(call->protection)))
        return ERROR_INVALID_PARAMETER;
    if (call->what == call_free && call->type == MEM_RELEASE && call->size != 0)
        return ERROR_INVALID_PARAMETER;
    if (call->size == 0 && is_placeholder_free(call)) // 10.14, 10.22
        return ERROR_INVALID_PARAMETER;
    if (is_replacement(call) && call->anchor == no_anchor)
        return ERROR_INVALID_PARAMETER;
    if (call->what == call_alloc2)
        return call->low % granule_bytes != 0 ? ERROR_INVALID_PARAMETER : 0;
    if (call->anchor == no_anchor)
        return call->size == 0 ? ERROR_INVALID_PARAMETER : 0;
    if (range.address >= USER_END || range.size > USER_END - range.address ||
        (range.size == 0 && !frees))
        return ERROR_INVALID_PARAMETER;
    return 0;
}

static void check_new_block(struct call *call, const struct answer *answer) {
    struct range made = {answer->address, call->size};
    if (answer->address % granule_bytes != 0 || answer->address + call->size > USABLE_END)
        fail("place", "the new block's address 0x%llx is wrong",
             (unsigned long long)answer->address);
    expect(call, 0,
           model_reserve(made, call->type & MEM_RESERVE ? call->type : MEM_RESERVE | MEM_COMMIT,
                         call->protection));
    blocks[call->block] = answer->address;
}

static void check_placed_block(struct call *call, const struct answer *answer) {
    struct range limits = {windows[far_window] + call->low, call->end - call->low};
    int highest = (call->type & MEM_TOP_DOWN) != 0;
    ULONG_PTR place = model_place(limits, call->size, call->alignment, highest);
    expect(call, answer->error, place == 0 ? ERROR_NOT_ENOUGH_MEMORY : 0);
    if (place == 0)
        return;
    // Where the kernel maps no more, any place that the limits allow will do.
    highest = highest && !history->at_limit && answer->refused == 0;
    if (answer->address % call->alignment != 0 || answer->address < limits.address ||
        answer->address + call->size > limits.address + limits.size ||
        (highest && answer->address != place))
        fail("place", "0x%llx is not what the limits allow; expected 0x%llx",
             (unsigned long long)answer->address, (unsigned long long)place);
    check_new_block(call, answer);
}

static void check_allocation(struct call *call, const struct answer *answer) {
    struct range range = range_of(call);
    DWORD type = call->type & ~(DWORD)MEM_TOP_DOWN;
    if (call->anchor == no_anchor) {
        expect(call, answer->error, 0);
        check_new_block(call, answer);
        return;
    }
    // 6.12: which of two codes the last 64 KiB have is not pinned.
    if (type & MEM_RESERVE && range.address + range.size > USABLE_END &&
        answer->error == ERROR_INVALID_PARAMETER)
        return;
    DWORD expected = range.address + range.size > USABLE_END ? ERROR_INVALID_ADDRESS
                     : is_replacement(call) ? model_replace(range, type, call->protection)
                     : type & MEM_RESERVE   ? model_reserve(range, type, call->protection)
                     : type == MEM_COMMIT   ? model_commit(range, call->protection)
                     : type == MEM_RESET    ? model_reset(range)
                                            : undo_answer(range, answer->error);
    expect(call, answer->error, expected);
    SIZE_T unit = type & MEM_RESERVE && !is_replacement(call) ? granule_bytes : page_bytes;
    if (expected == 0 && answer->address != range.address / unit * unit)
        fail("place", "expected the rounded address, got 0x%llx",
             (unsigned long long)answer->address);
}

static void judge_change(struct call *call, const struct answer *answer) {
    struct range range = range_of(call);
    DWORD before = PAGE_NOACCESS;
    switch (call->what) {
    case call_alloc:
    case call_nt_alloc:
    case call_placeholder:
        check_allocation(call, answer);
        break;
    case call_alloc2:
        check_placed_block(call, answer);
        break;
    case call_free:
    case call_nt_free:
        expect(call, answer->error,
               call->type == MEM_DECOMMIT              ? model_decommit(range)
               : call->type & MEM_PRESERVE_PLACEHOLDER ? model_preserve(range)
               : call->type & MEM_COALESCE_PLACEHOLDERS
                   ? model_coalesce(range)
                   : model_release(range, call->what == call_nt_free));
        break;
    case call_protect:
    case call_nt_protect:
        expect(call, answer->error, model_protect(range, call->protection, &before));
        if (answer->before != before && answer->error != ERROR_INVALID_PARAMETER &&
            (answer->error == 0 || !soak_left_out("old")))
            fail("old", "expected old protection 0x%x, got 0x%x", (unsigned)before,
                 (unsigned)answer->before);
        break;
    case call_lock:
        expect(call, answer->error, model_lock(range));
        break;
    default:
        expect(call, answer->error, model_unlock(range));
    }
}

void judge(struct call *call, const struct answer *answer) {
    DWORD malformed = argument_error(call);
    if (malformed != 0) {
        expect(call, answer->error, malformed);
        return;
    }
    call->expected = answer->error;
    if (is_short_of_something(call, answer))
        return;
    judge_change(call, answer);
    if ((call->what == call_nt_alloc && call->anchor != no_anchor) || call->what == call_nt_free ||
        call->what == call_nt_protect)
        expect_range(call, answer, answer->error);
}

// Prints a history as a test in C, ready to be compiled with CTests/porting/native_checks.h.
#include "calls.h"
#include "refusals.h"

#include <stdio.h>

enum { calls_printed = 60 };

static void print_address(const struct call *call) {
    static const char *const names[] = {"arena", "far", "top"};
    if (call->anchor == no_anchor)
        printf("NULL");
    else if (call->anchor < window_count)
        printf("%s + 0x%x", names[call->anchor], (unsigned)call->offset);
    else
        printf("block[%d] %c 0x%x", call->anchor - window_count, call->offset < 0 ? '-' : '+',
               call->offset < 0 ? (unsigned)-call->offset : (unsigned)call->offset);
}

// Zero for success would be a refusal with error 0 in print.
static void print_wrapped(const struct call *call, const char *name, const char *arguments) {
    if (call->expected == 0)
        printf("    GRANTED(%s", name);
    else
        printf("    REFUSED(%s", name);
    print_address(call);
    printf(", %s)", arguments);
    if (call->expected != 0)
        printf(", 0x%x", (unsigned)call->expected);
    printf(");\n");
}

static void print_type(const struct call *call, char *text, size_t size) {
    static const struct {
        DWORD bit;
        const char *name;
    } bits[] = {{MEM_RESERVE, "MEM_RESERVE"},
                {MEM_COMMIT, "MEM_COMMIT"},
                {MEM_DECOMMIT, "MEM_DECOMMIT"},
                {MEM_RELEASE, "MEM_RELEASE"},
                {MEM_RESET, "MEM_RESET"},
                {MEM_RESET_UNDO, "MEM_RESET_UNDO"},
                {MEM_TOP_DOWN, "MEM_TOP_DOWN"},
                {MEM_RESERVE_PLACEHOLDER, "MEM_RESERVE_PLACEHOLDER"},
                {MEM_PRESERVE_PLACEHOLDER, "MEM_PRESERVE_PLACEHOLDER"},
                {MEM_COALESCE_PLACEHOLDERS, "MEM_COALESCE_PLACEHOLDERS"}};
    int is_replacement = call->what == call_placeholder; // its bit is that of MEM_DECOMMIT
    size_t length = 0;
    text[0] = '0', text[1] = 0;
    for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++)
        if ((call->type & bits[i].bit) != 0)
            length += (size_t)snprintf(text + length, size - length, "%s%s", length ? " | " : "",
                                       is_replacement && bits[i].bit == MEM_REPLACE_PLACEHOLDER
                                           ? "MEM_REPLACE_PLACEHOLDER"
                                           : bits[i].name);
}

static void print_native(const struct call *call, const char *type) {
    static const char *const names[] = {[call_nt_alloc] = "allocate",
                                        [call_nt_free] = "free_range",
                                        [call_nt_protect] = "protect_range"};
    printf("    range = native_range(");
    print_address(call);
    printf(", 0x%x);\n    CHECK(%s(&range, ", (unsigned)call->size, names[call->what]);
    if (call->what == call_nt_protect)
        printf("0x%x, &before)", (unsigned)call->protection);
    else if (call->what == call_nt_alloc)
        printf("%s, 0x%x)", type, (unsigned)call->protection);
    else
        printf("%s)", type);
    printf(" %s 0);\n", call->expected == 0 ? ">=" : "<");
    if (call->what == call_nt_alloc && call->anchor == no_anchor)
        printf("    block[%d] = range.base;\n", call->block);
}

static void print_access(const struct call *call) {
    static const char *const words[] = {[call_write] = "fill the writable pages of",
                                        [call_load] = "load from the first page of",
                                        [call_store] = "store into the first page of",
                                        [call_take] = "madvise(MADV_PAGEOUT) on"};
    printf("    // %s ", words[call->what]);
    print_address(call);
    printf(", 0x%x bytes", (unsigned)call->size);
    if (call->what == call_write || call->what == call_store)
        printf(", with 0x%llx", (unsigned long long)call->tag);
    printf("\n");
}

static void print_call(const struct call *call) {
    char type[160], arguments[256];
    print_type(call, type, sizeof type);
    if (call->refuse)
        printf("    // system call %d is refused%s\n", call->refuse,
               call->refuse_again == refuse_at_random ? ", and others at random"
               : call->refuse_again                   ? ", and a later one"
                                                      : "");
    switch (call->what) {
    case call_alloc:
        snprintf(arguments, sizeof arguments, "0x%x, %s, 0x%x", (unsigned)call->size, type,
                 (unsigned)call->protection);
        if (call->anchor == no_anchor)
            printf("    block[%d] =\n    ", call->block);
        print_wrapped(call, "VirtualAlloc(", arguments);
        break;
    case call_placeholder:
        snprintf(arguments, sizeof arguments, "0x%x, %s, 0x%x, NULL, 0", (unsigned)call->size, type,
                 (unsigned)call->protection);
        if (call->anchor == no_anchor)
            printf("    block[%d] =\n    ", call->block);
        print_wrapped(call, "VirtualAlloc2(NULL, ", arguments);
        break;
    case call_alloc2:
        printf("    // between far + 0x%x and far + 0x%x, aligned to 0x%x:\n", (unsigned)call->low,
               (unsigned)call->end, (unsigned)call->alignment);
        printf("    block[%d] = VirtualAlloc2(NULL, NULL, 0x%x, %s, 0x%x, &limits, 1);\n",
               call->block, (unsigned)call->size, type, (unsigned)call->protection);
        break;
    case call_free:
        snprintf(arguments, sizeof arguments, "0x%x, %s", (unsigned)call->size, type);
        print_wrapped(call, "VirtualFree(", arguments);
        break;
    case call_protect:
        snprintf(arguments, sizeof arguments, "0x%x, 0x%x, &before", (unsigned)call->size,
                 (unsigned)call->protection);
        print_wrapped(call, "VirtualProtect(", arguments);
        break;
    case call_lock:
    case call_unlock:
        snprintf(arguments, sizeof arguments, "0x%x", (unsigned)call->size);
        print_wrapped(call, call->what == call_lock ? "VirtualLock(" : "VirtualUnlock(", arguments);
        break;
    case call_nt_alloc:
    case call_nt_free:
    case call_nt_protect:
        print_native(call, type);
        break;
    default:
        print_access(call);
    }
}

void print_history(const struct history *history) {
    printf("// %s%s%s\n", history->has_handler ? "with a vectored handler" : "without a handler",
           history->at_limit ? ", nearly all mappings used up" : "",
           history->with_refusals ? ", system calls refused" : "");
    printf("static void history_%llu(void) {\n", (unsigned long long)history->seed);
    printf("    BYTE *arena = free_space(0x400000), *far = (BYTE *)0x590000000000;\n"
           "    BYTE *top = (BYTE *)0x7FFFFFBE0000, *block[%d] = {0};\n"
           "    struct native_range range;\n    DWORD before;\n",
           block_count);
    int first = history->count > calls_printed ? history->count - calls_printed : 0;
    if (first > 0)
        printf("    // ... %d calls\n", first);
    for (int i = first; i < history->count; i++)
        print_call(&history->calls[i]);
    printf("    // wrong then (%s): %s\n}\n", history->kind, history->text);
    fflush(stdout);
}

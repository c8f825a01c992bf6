// Access violations: what handlers are told, and that they can cure them (behaviour 8B).
#include "exception_log.h"

// 8.5, 8.6, 8.7, 8.8
static void a_read_of_a_reserved_page_is_kind_0_at_its_exact_address(void) {
    BYTE *base = reserved_pages(2);
    begin_log(commit_the_page);
    CHECK_EQUAL(read_byte(base + 0x1123), 0);
    end_log();
    CHECK_EQUAL(exception_log.count, 1);
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, READ_KIND, base + 0x1123);
    CHECK_EQUAL(exception_log.last.page.State, MEM_RESERVE);
    CHECK_RESERVED(base, page_size);
    CHECK_COMMITTED(base + page_size, PAGE_READWRITE, page_size);
    release(base);
}

// 8.6: read-modify-write too.
static void a_write_is_kind_1(void) {
    BYTE *base = reserved_pages(2);
    begin_log(commit_the_page);
    write_byte(base + 7, 0x77);
    CHECK_EQUAL(base[7], 0x77);
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, WRITE_KIND, base + 7);
    __atomic_fetch_add((volatile int *)(base + page_size), 5, __ATOMIC_SEQ_CST);
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, WRITE_KIND, base + page_size);
    end_log();
    CHECK_EQUAL(exception_log.count, 2);
    CHECK_EQUAL(*(int *)(base + page_size), 5);
    release(base);
}

// 8.5, 8.12: plain memory is never executable.
static void executing_readwrite_memory_is_kind_8_at_the_instruction(void) {
    BYTE *base = committed_pages(1);
    base[16] = 0xC3; // ret
    begin_log(unprotect_the_page);
    execute_at(base + 16);
    end_log();
    CHECK_EQUAL(exception_log.count, 1);
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, EXECUTE_KIND, base + 16);
    CHECK_EQUAL(exception_log.last.context.Rip, (uintptr_t)(base + 16));
    release(base);
}

// 8.6
static void a_fetch_from_a_noaccess_page_is_kind_8(void) {
    BYTE *base =
        (BYTE *)GRANTED(VirtualAlloc(NULL, page_size, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS));
    begin_log(return_to_caller);
    execute_at(base);
    end_log();
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, EXECUTE_KIND, base);
    release(base);
}

// 8.12
static void execute_memory_can_be_read(void) {
    BYTE *base = committed_pages(1);
    DWORD before;
    base[0] = 0xC3;
    GRANTED(VirtualProtect(base, page_size, PAGE_EXECUTE, &before));
    begin_log(NULL);
    CHECK_EQUAL(read_byte(base), 0xC3);
    execute_at(base);
    end_log();
    CHECK_EQUAL(exception_log.count, 0);
    release(base);
}

// 8.5
static void decommitted_released_noaccess_and_readonly_pages_violate(void) {
    BYTE *base = committed_pages(4);
    DWORD before;
    begin_log(commit_the_page);
    GRANTED(VirtualFree(base, page_size, MEM_DECOMMIT));
    CHECK_EQUAL(read_byte(base + 1), 0);
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, READ_KIND, base + 1);
    exception_log.remedy = unprotect_the_page;
    GRANTED(VirtualProtect(base + page_size, page_size, PAGE_NOACCESS, &before));
    CHECK_EQUAL(read_byte(base + page_size), 0);
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, READ_KIND, base + page_size);
    GRANTED(VirtualProtect(base + 2 * page_size, page_size, PAGE_READONLY, &before));
    CHECK_EQUAL(read_byte(base + 2 * page_size), 0);
    CHECK_EQUAL(exception_log.count, 2);
    write_byte(base + 2 * page_size, 1);
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, WRITE_KIND, base + 2 * page_size);
    end_log();
    CHECK_EQUAL(exception_log.count, 3);
    release(base);
}

static LONG reserve_and_commit_the_block(EXCEPTION_POINTERS *exception) {
    ULONG_PTR block = exception->ExceptionRecord->ExceptionInformation[1] & ~(ULONG_PTR)0xFFFF;
    return VirtualAlloc((void *)block, page_size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)
               ? EXCEPTION_CONTINUE_EXECUTION
               : EXCEPTION_CONTINUE_SEARCH;
}

// 8.5: free memory, cured by taking it.
static void free_memory_violates_and_can_be_allocated_by_the_handler(void) {
    BYTE *base = free_space(allocation_granularity);
    begin_log(reserve_and_commit_the_block);
    write_byte(base + 99, 9);
    end_log();
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, WRITE_KIND, base + 99);
    CHECK_EQUAL(exception_log.last.page.State, MEM_FREE);
    CHECK_EQUAL(base[99], 9);
    release(base);
}

// 8.10
static void an_access_over_a_page_end_names_an_address_in_the_second_page(void) {
    BYTE *base = reserved_pages(2);
    GRANTED(VirtualAlloc(base, page_size, MEM_COMMIT, PAGE_READWRITE));
    begin_log(commit_the_page);
    uint64_t value = 0x1122334455667788u;
    memcpy(base + page_size - 3, &value, sizeof value);
    end_log();
    ULONG_PTR address = exception_log.last.record.ExceptionInformation[1];
    CHECK_EQUAL(exception_log.count, 1);
    CHECK(address >= (ULONG_PTR)(base + page_size) && address < (ULONG_PTR)(base + page_size + 5));
    CHECK_EQUAL(memcmp(base + page_size - 3, &value, sizeof value), 0);
    release(base);
}

static ULONG_PTR good_address;

static LONG load_a_good_address_into_rcx(EXCEPTION_POINTERS *exception) {
    exception->ContextRecord->Rcx = good_address;
    return EXCEPTION_CONTINUE_EXECUTION;
}

// 8.9
static void a_non_canonical_address_is_a_read_of_all_ones_even_for_writes(void) {
    static volatile BYTE target;
    good_address = (ULONG_PTR)&target;
    begin_log(load_a_good_address_into_rcx);
    __asm__ volatile("movabsq $0x8000deadbeef0000, %%rcx\n\tmovb $5, (%%rcx)" ::: "rcx", "memory");
    end_log();
    CHECK_ACCESS(EXCEPTION_ACCESS_VIOLATION, READ_KIND, (void *)~(ULONG_PTR)0);
    CHECK_EQUAL(target, 5);
}

static LONG commit_if_twice_seen(EXCEPTION_POINTERS *exception) {
    return exception_log.count < 3 ? EXCEPTION_CONTINUE_EXECUTION : commit_the_page(exception);
}

// 8.24
static void continuing_without_a_cure_faults_again(void) {
    BYTE *base = reserved_pages(1);
    begin_log(commit_if_twice_seen);
    write_byte(base, 1);
    end_log();
    CHECK_EQUAL(exception_log.count, 3);
    release(base);
}

TEST_PROGRAM(TEST(a_read_of_a_reserved_page_is_kind_0_at_its_exact_address),
             TEST(a_write_is_kind_1), TEST(executing_readwrite_memory_is_kind_8_at_the_instruction),
             TEST(a_fetch_from_a_noaccess_page_is_kind_8), TEST(execute_memory_can_be_read),
             TEST(decommitted_released_noaccess_and_readonly_pages_violate),
             TEST(free_memory_violates_and_can_be_allocated_by_the_handler),
             TEST(an_access_over_a_page_end_names_an_address_in_the_second_page),
             TEST(a_non_canonical_address_is_a_read_of_all_ones_even_for_writes),
             TEST(continuing_without_a_cure_faults_again))

// One pass over the tree: each node leaves its value in rax; left operands wait on the stack. x is
// in rcx, y is moved to r8 because a division needs rdx, and r10 keeps rsp for a way out.
#include "compiler.h"
#include "code_space.h"

#include <string.h>

static struct {
    unsigned char *return_instruction;
    PVOID handler;
    volatile LONG trap_count;
} division;

static void emit(unsigned char **cursor, const char *bytes, int byte_count) {
    memcpy(*cursor, bytes, (size_t)byte_count);
    *cursor += byte_count;
}
#define EMIT(cursor, bytes) emit(cursor, bytes, (int)sizeof(bytes) - 1)

static void emit_constant(unsigned char **cursor, int64_t value, unsigned char **first_constant) {
    EMIT(cursor, "\x48\xB8"); // mov rax, value
    if (*first_constant == NULL)
        *first_constant = *cursor;
    memcpy(*cursor, &value, sizeof(value));
    *cursor += sizeof(value);
}

static void emit_operator(unsigned char **cursor, enum kind kind) {
    EMIT(cursor, "\x49\x89\xC1\x58"); // mov r9, rax; pop rax
    if (kind == ADD)
        EMIT(cursor, "\x4C\x01\xC8"); // add rax, r9
    else if (kind == SUBTRACT)
        EMIT(cursor, "\x4C\x29\xC8"); // sub rax, r9
    else if (kind == MULTIPLY)
        EMIT(cursor, "\x49\x0F\xAF\xC1"); // imul rax, r9
    else
        EMIT(cursor, "\x48\x99\x49\xF7\xF9"); // cqo; idiv r9
    if (kind == REMAINDER)
        EMIT(cursor, "\x48\x89\xD0"); // mov rax, rdx
}

static void emit_node(const struct node *node, unsigned char **cursor,
                      unsigned char **first_constant) {
    if (node->kind == CONSTANT) {
        emit_constant(cursor, node->value, first_constant);
    } else if (node->kind == VARIABLE_X) {
        EMIT(cursor, "\x48\x89\xC8"); // mov rax, rcx
    } else if (node->kind == VARIABLE_Y) {
        EMIT(cursor, "\x4C\x89\xC0"); // mov rax, r8
    } else if (node->kind == NEGATE) {
        emit_node(node->left, cursor, first_constant);
        EMIT(cursor, "\x48\xF7\xD8"); // neg rax
    } else {
        emit_node(node->left, cursor, first_constant);
        EMIT(cursor, "\x50"); // push rax
        emit_node(node->right, cursor, first_constant);
        emit_operator(cursor, node->kind);
    }
}

unsigned char *compile(const struct node *root, unsigned char **cursor,
                       unsigned char **first_constant) {
    unsigned char *start = *cursor;
    *first_constant = NULL;
    EMIT(cursor, "\x49\x89\xE2\x49\x89\xD0"); // mov r10, rsp; mov r8, rdx
    emit_node(root, cursor, first_constant);
    EMIT(cursor, "\xC3"); // ret
    return start;
}

compiled_function function_at(unsigned char *code) {
    compiled_function function;
    memcpy(&function, &code, sizeof(code));
    return function;
}

static LONG WINAPI end_division(EXCEPTION_POINTERS *exception) {
    DWORD code = exception->ExceptionRecord->ExceptionCode;
    CONTEXT *context = exception->ContextRecord;
    if ((code != EXCEPTION_INT_DIVIDE_BY_ZERO && code != EXCEPTION_INT_OVERFLOW) ||
        !code_space_contains((void *)context->Rip))
        return EXCEPTION_CONTINUE_SEARCH;
    context->Rax = 0;
    context->Rsp = context->R10;
    context->Rip = (DWORD64)division.return_instruction;
    InterlockedIncrement(&division.trap_count);
    return EXCEPTION_CONTINUE_EXECUTION;
}

int install_division_handler(unsigned char *return_instruction) {
    division.return_instruction = return_instruction;
    division.handler = AddVectoredExceptionHandler(0, end_division);
    return division.handler != NULL;
}

void remove_division_handler(void) {
    RemoveVectoredExceptionHandler(division.handler);
}

unsigned division_trap_count(void) {
    return (unsigned)division.trap_count;
}

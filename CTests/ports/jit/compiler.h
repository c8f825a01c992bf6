// From expressions to x86-64 code.
#ifndef COMPILER_H
#define COMPILER_H

#include "expression.h"

// Generated code takes its arguments where Windows puts them, whatever the compiler of this file
// does by default.
typedef int64_t(__attribute__((ms_abi)) * compiled_function)(int64_t x, int64_t y);

// Writes a function for `root` at *cursor and moves *cursor behind it. Answers where the code
// begins; *first_constant is where the operand of its first constant lies, or NULL.
unsigned char *compile(const struct node *root, unsigned char **cursor,
                       unsigned char **first_constant);

compiled_function function_at(unsigned char *code);

// A division without a result ends the function with 0. Needs a handler, which this installs; each
// such end is counted.
int install_division_handler(unsigned char *return_instruction);
void remove_division_handler(void);
unsigned division_trap_count(void);

#endif

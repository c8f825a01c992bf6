// Arithmetic expressions of x and y over 64-bit integers: + - * / %, unary minus, parentheses.
#ifndef EXPRESSION_H
#define EXPRESSION_H

#include <stdint.h>

enum kind { CONSTANT, VARIABLE_X, VARIABLE_Y, NEGATE, ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER };

struct node {
    enum kind kind;
    int64_t value;             // of a CONSTANT
    struct node *left, *right; // operands; NEGATE has only the left
};

struct tree {
    struct node nodes[200];
    int node_count;
};

// The root of `text`, whose nodes lie in `tree`; NULL for what is not an expression.
struct node *parse(const char *text, struct tree *tree);

// The value, with arithmetic that wraps. A division that has no result sets *trapped and makes the
// whole expression 0.
int64_t interpret(const struct node *node, int64_t x, int64_t y, int *trapped);

// A random expression, at most `depth` operators deep, into `text`; answers its end. The generator
// repeats itself for the same *seed.
char *write_random_expression(char *text, int depth, uint64_t *seed);

#endif

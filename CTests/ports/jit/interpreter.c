// What an expression means, said a second time, and texts of expressions to compare the two.
#include "expression.h"

#include <stdio.h>

static int64_t divide(enum kind kind, int64_t left, int64_t right, int *trapped) {
    if (right == 0 || (left == INT64_MIN && right == -1)) {
        *trapped = 1;
        return 0;
    }
    return kind == DIVIDE ? left / right : left % right;
}

int64_t interpret(const struct node *node, int64_t x, int64_t y, int *trapped) {
    if (node->kind == CONSTANT)
        return node->value;
    if (node->kind == VARIABLE_X || node->kind == VARIABLE_Y)
        return node->kind == VARIABLE_X ? x : y;
    int64_t left = interpret(node->left, x, y, trapped), right = 0, value = 0;
    if (node->right)
        right = interpret(node->right, x, y, trapped);
    switch (node->kind) {
    case NEGATE:
        value = (int64_t)(0 - (uint64_t)left);
        break;
    case ADD:
        value = (int64_t)((uint64_t)left + (uint64_t)right);
        break;
    case SUBTRACT:
        value = (int64_t)((uint64_t)left - (uint64_t)right);
        break;
    case MULTIPLY:
        value = (int64_t)((uint64_t)left * (uint64_t)right);
        break;
    default:
        value = *trapped ? 0 : divide(node->kind, left, right, trapped);
    }
    return *trapped ? 0 : value;
}

static unsigned random_below(uint64_t *seed, unsigned limit) {
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*seed >> 33) % limit;
}

char *write_random_expression(char *text, int depth, uint64_t *seed) {
    unsigned choice = random_below(seed, 10);
    if (depth == 0 || choice == 0)
        return text + sprintf(text, "%u", random_below(seed, 1000));
    if (choice <= 2) {
        *text++ = choice == 1 ? 'x' : 'y';
        return text;
    }
    if (choice == 3) {
        *text++ = '-';
        return write_random_expression(text, depth - 1, seed);
    }
    *text++ = '(';
    text = write_random_expression(text, depth - 1, seed);
    *text++ = "+-*/%+*"[random_below(seed, 7)];
    text = write_random_expression(text, depth - 1, seed);
    *text++ = ')';
    return text;
}

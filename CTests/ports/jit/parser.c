// Recursive descent: sum, product, factor.
#include "expression.h"

#include <stddef.h>

struct parser {
    const char *text;
    struct tree *tree;
};

static struct node *parse_sum(struct parser *parser);

static char next(struct parser *parser) {
    while (*parser->text == ' ')
        parser->text++;
    return *parser->text;
}

static struct node *make(struct parser *parser, enum kind kind, struct node *left,
                         struct node *right) {
    struct tree *tree = parser->tree;
    if (tree->node_count == (int)(sizeof(tree->nodes) / sizeof(tree->nodes[0])))
        return NULL;
    struct node *node = &tree->nodes[tree->node_count++];
    node->kind = kind;
    node->value = 0;
    node->left = left;
    node->right = right;
    return node;
}

static struct node *parse_constant(struct parser *parser) {
    uint64_t value = 0;
    while (*parser->text >= '0' && *parser->text <= '9')
        value = value * 10 + (uint64_t)(*parser->text++ - '0');
    struct node *node = make(parser, CONSTANT, NULL, NULL);
    if (node)
        node->value = (int64_t)value;
    return node;
}

static struct node *parse_factor(struct parser *parser) {
    char first = next(parser);
    if (first >= '0' && first <= '9')
        return parse_constant(parser);
    parser->text++;
    if (first == 'x' || first == 'y')
        return make(parser, first == 'x' ? VARIABLE_X : VARIABLE_Y, NULL, NULL);
    if (first == '-') {
        struct node *operand = parse_factor(parser);
        return operand ? make(parser, NEGATE, operand, NULL) : NULL;
    }
    if (first != '(')
        return NULL;
    struct node *inner = parse_sum(parser);
    if (inner == NULL || next(parser) != ')')
        return NULL;
    parser->text++;
    return inner;
}

static struct node *parse_product(struct parser *parser) {
    struct node *left = parse_factor(parser);
    for (;;) {
        char sign = next(parser);
        if (left == NULL || (sign != '*' && sign != '/' && sign != '%'))
            return left;
        parser->text++;
        struct node *right = parse_factor(parser);
        enum kind kind = sign == '*' ? MULTIPLY : sign == '/' ? DIVIDE : REMAINDER;
        left = right ? make(parser, kind, left, right) : NULL;
    }
}

static struct node *parse_sum(struct parser *parser) {
    struct node *left = parse_product(parser);
    for (;;) {
        char sign = next(parser);
        if (left == NULL || (sign != '+' && sign != '-'))
            return left;
        parser->text++;
        struct node *right = parse_product(parser);
        left = right ? make(parser, sign == '+' ? ADD : SUBTRACT, left, right) : NULL;
    }
}

struct node *parse(const char *text, struct tree *tree) {
    struct parser parser = {text, tree};
    tree->node_count = 0;
    struct node *root = parse_sum(&parser);
    return root && next(&parser) == '\0' ? root : NULL;
}

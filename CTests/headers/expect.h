/*
 * What the programs here need of a harness: they test header-only functions, so they link with no
 * library of ours. A failed expectation prints where; main returns expect_status.
 */
#ifndef EXPECT_H
#define EXPECT_H

#include <stdio.h>

static int expect_status = 0;

#define EXPECT(condition)                                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("%s:%d: %s: expected %s\n", __FILE__, __LINE__, __func__, #condition);          \
            expect_status = 1;                                                                     \
        }                                                                                          \
    } while (0)

#endif

// The table of GetProcAddress: the names that the headers declare, and the function of each number.
// Addresses come from instructions and not from a table of pointers, so that the loader has nothing
// to relocate.
#include "CLinux.h"

#include <string.h>

#define EXPORTED(name) extern void name(void);
#include "exported_functions.h"
#undef EXPORTED

#define EXPORTED(name) number_of_##name,
enum {
#include "exported_functions.h"
};
#undef EXPORTED

// One name after another, each with its NUL, and an empty one at the end. A single string for all of
// them would be longer than compilers must accept.
#define EXPORTED(name) char text_of_##name[sizeof #name];
static const struct names {
#include "exported_functions.h"
    char end[1];
#undef EXPORTED
#define EXPORTED(name) #name,
} names = {
#include "exported_functions.h"
    "",
};
#undef EXPORTED

static uintptr_t address_of(unsigned number) {
    switch (number) {
#define EXPORTED(name)                                                                             \
    case number_of_##name:                                                                         \
        return (uintptr_t)name;
#include "exported_functions.h"
#undef EXPORTED
    }
    return 0;
}

static uintptr_t find(const char *name, size_t length, const char *suffix) {
    unsigned number = 0;
    for (const char *entry = (const char *)&names; *entry; entry += strlen(entry) + 1, number++)
        if (strncmp(entry, name, length) == 0 && strcmp(entry + length, suffix) == 0)
            return address_of(number);
    return 0;
}

uintptr_t exported_function(const char *name, const char *suffix) {
    size_t length = strlen(name);
    uintptr_t variant = *suffix ? find(name, length, suffix) : 0;
    return variant ? variant : find(name, length, "");
}

// The values that a caller of FormatMessage passes for inserts, in a va_list.
#ifndef WIN32MEMORY_MESSAGE_ARGUMENTS_H
#define WIN32MEMORY_MESSAGE_ARGUMENTS_H

#include <stdint.h>

/// A copy of a va_list, which Swift cannot hold.
struct message_list {
    uint64_t storage[4];
};

/// Copies the va_list at `list`, so that the caller's does not advance.
struct message_list message_list_copy(void *list);
/// The next value: an integer, whose upper half may be undefined, or a pointer.
uint64_t message_list_next(struct message_list *list);

#endif

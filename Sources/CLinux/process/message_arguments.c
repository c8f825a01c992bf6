// The values that a caller of FormatMessage passes for inserts, in a va_list.
#include "CLinux.h"

#include <stdarg.h>

union message_list_content {
    struct message_list shown;
    va_list list;
};
_Static_assert(sizeof(va_list) <= sizeof(struct message_list), "a va_list has room in the copy");

struct message_list message_list_copy(void *list) {
    union message_list_content copy = {{{0}}};
    va_copy(copy.list, *(va_list *)list);
    return copy.shown;
}

uint64_t message_list_next(struct message_list *list) {
    return va_arg(((union message_list_content *)list)->list, uint64_t);
}

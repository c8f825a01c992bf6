#include "sanitizer.h"

int is_thread_sanitized(void) {
    return IS_THREAD_SANITIZED;
}

/* Advice 7: windows.h alone brings the C library's memory, character (wide ones too) and argument
 * names. */
#include <windows.h>

#if !defined(__cplusplus) && (defined(_STDIO_H) || defined(_STDLIB_H))
#error "windows.h brings in neither stdio.h nor stdlib.h"
#endif

size_t uses(char *target, const char *source, va_list *arguments);
size_t uses(char *target, const char *source, va_list *arguments) {
    ptrdiff_t difference = target - source;
    const wchar_t wide[] = L"w";
    memcpy(target, source, 1);
    memset(target, 0, 1);
    if (memcmp(target, source, 1) == 0 && isdigit((unsigned char)*source))
        return strlen(source) + offsetof(MEMORY_BASIC_INFORMATION, State);
    (void)arguments;
    return (size_t)difference + wcslen(wide);
}

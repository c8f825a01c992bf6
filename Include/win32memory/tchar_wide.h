/*
 * The wide forms of tchar.h functions that the C library has only for bytes. They convert names to UTF-8.
 * Included by tchar.h, if _UNICODE is defined.
 */
#ifndef WIN32MEMORY_TCHAR_WIDE_H
#define WIN32MEMORY_TCHAR_WIDE_H

#include "compiler.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define WIN32MEMORY_WIDE_INLINE static __forceinline __attribute__((__unused__))

/* Whether a number is a character: not a surrogate, and not too high. */
WIN32MEMORY_WIDE_INLINE int win32memory_is_scalar(unsigned long c) {
    return c < 0xD800 || (c >= 0xE000 && c <= 0x10FFFF);
}

/* `text` as UTF-8, in memory from malloc. NULL and errno if there is no memory or the text is malformed. */
WIN32MEMORY_WIDE_INLINE char *win32memory_narrow(const wchar_t *text) {
    size_t count = wcslen(text);
    char *bytes = (char *)malloc(4 * count + 1), *end = bytes;
    for (size_t i = 0; bytes && i < count; i++) {
        unsigned long c = (unsigned long)text[i];
        if (!win32memory_is_scalar(c)) {
            free(bytes);
            errno = EILSEQ;
            return NULL;
        }
        if (c >= 0x800) {
            if (c >= 0x10000) {
                *end++ = (char)(0xF0 | (c >> 18));
                *end++ = (char)(0x80 | ((c >> 12) & 0x3F));
            } else {
                *end++ = (char)(0xE0 | (c >> 12));
            }
            *end++ = (char)(0x80 | ((c >> 6) & 0x3F));
        } else if (c >= 0x80) {
            *end++ = (char)(0xC0 | (c >> 6));
        }
        *end++ = (char)(c < 0x80 ? c : 0x80 | (c & 0x3F));
    }
    if (bytes)
        *end = 0;
    return bytes;
}

/* UTF-8 as wide text, in memory from malloc; malformed parts become U+FFFD. NULL and errno: no memory. */
WIN32MEMORY_WIDE_INLINE wchar_t *win32memory_widen(const char *bytes) {
    const unsigned char *at = (const unsigned char *)bytes;
    const unsigned long least[] = {0, 0x80, 0x800, 0x10000}; /* that need so many bytes more */
    wchar_t *text = (wchar_t *)malloc((strlen(bytes) + 1) * sizeof(wchar_t)), *end = text;
    while (text && *at) {
        int more = *at < 0x80   ? 0
                   : *at < 0xC2 ? -1
                   : *at < 0xE0 ? 1
                   : *at < 0xF0 ? 2
                   : *at < 0xF5 ? 3
                                : -1;
        unsigned long c = more <= 0 ? *at : *at & (0x3Fu >> more);
        int taken = 1;
        for (; more > 0 && taken <= more && (at[taken] & 0xC0) == 0x80; taken++)
            c = c << 6 | (at[taken] & 0x3Fu);
        if (more < 0 || taken <= more || c < least[more] || !win32memory_is_scalar(c))
            c = 0xFFFD;
        at += taken;
        *end++ = (wchar_t)c;
    }
    if (text)
        *end = 0;
    return text;
}

WIN32MEMORY_WIDE_INLINE FILE *win32memory_wide_fopen(const wchar_t *path, const wchar_t *mode) {
    char *name = win32memory_narrow(path), *how = name ? win32memory_narrow(mode) : NULL;
    FILE *file = how ? fopen(name, how) : NULL;
    free(name);
    free(how);
    return file;
}

WIN32MEMORY_WIDE_INLINE FILE *win32memory_wide_freopen(const wchar_t *path, const wchar_t *mode,
                                                       FILE *file) {
    char *name = win32memory_narrow(path), *how = name ? win32memory_narrow(mode) : NULL;
    FILE *opened = how ? freopen(name, how, file) : NULL;
    free(name);
    free(how);
    return opened;
}

WIN32MEMORY_WIDE_INLINE int win32memory_wide_remove(const wchar_t *path) {
    char *name = win32memory_narrow(path);
    int result = name ? remove(name) : -1;
    free(name);
    return result;
}

WIN32MEMORY_WIDE_INLINE int win32memory_wide_rename(const wchar_t *from, const wchar_t *to) {
    char *before = win32memory_narrow(from), *after = before ? win32memory_narrow(to) : NULL;
    int result = after ? rename(before, after) : -1;
    free(before);
    free(after);
    return result;
}

WIN32MEMORY_WIDE_INLINE int win32memory_wide_system(const wchar_t *command) {
    char *words = command ? win32memory_narrow(command) : NULL;
    int result = command && !words ? -1 : system(words);
    free(words);
    return result;
}

WIN32MEMORY_WIDE_INLINE void win32memory_wide_perror(const wchar_t *text) {
    int error = errno;
    char *words = text ? win32memory_narrow(text) : NULL;
    errno = error;
    perror(words);
    free(words);
}

/* The result of getenv as wide text. It is never freed; each source file keeps one copy of each value. */
WIN32MEMORY_WIDE_INLINE wchar_t *win32memory_wide_getenv(const wchar_t *variable) {
    static struct win32memory_kept {
        struct win32memory_kept *next;
        wchar_t *text;
    } * kept;
    char *name = win32memory_narrow(variable);
    const char *value = name ? getenv(name) : NULL;
    wchar_t *text = value ? win32memory_widen(value) : NULL;
    free(name);
    struct win32memory_kept *first = __atomic_load_n(&kept, __ATOMIC_ACQUIRE);
    for (struct win32memory_kept *at = first; text && at; at = at->next)
        if (wcscmp(at->text, text) == 0) {
            free(text);
            return at->text;
        }
    struct win32memory_kept *mine = text ? (struct win32memory_kept *)malloc(sizeof *mine) : NULL;
    if (!mine) {
        free(text);
        return NULL;
    }
    mine->text = text;
    mine->next = first;
    while (!__atomic_compare_exchange_n(&kept, &mine->next, mine, 0, __ATOMIC_RELEASE,
                                        __ATOMIC_ACQUIRE)) {
    }
    return text;
}

WIN32MEMORY_WIDE_INLINE int win32memory_wide_puts(const wchar_t *text) {
    return fputws(text, stdout) < 0 || fputwc(L'\n', stdout) == WEOF ? EOF : 0;
}

/* Like vsprintf, it writes as much as the format yields. */
WIN32MEMORY_WIDE_INLINE int win32memory_wide_vsprintf(wchar_t *buffer, const wchar_t *format,
                                                      va_list arguments) {
    return vswprintf(buffer, (size_t)-1 / sizeof(wchar_t) / 4, format, arguments);
}

static __attribute__((__unused__)) int win32memory_wide_sprintf(wchar_t *buffer,
                                                                const wchar_t *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int count = win32memory_wide_vsprintf(buffer, format, arguments);
    va_end(arguments);
    return count;
}

#define _tfopen win32memory_wide_fopen
#define _tfreopen win32memory_wide_freopen
#define _tremove win32memory_wide_remove
#define _trename win32memory_wide_rename
#define _tsystem win32memory_wide_system
#define _tperror win32memory_wide_perror
#define _tgetenv win32memory_wide_getenv
#define _putts win32memory_wide_puts
#define _stprintf win32memory_wide_sprintf
#define _vstprintf win32memory_wide_vsprintf

#endif

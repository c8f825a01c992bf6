/*
 * Copying, appending and formatting that never writes past the end and always ends the string: StringCch*
 * (sizes in characters), StringCb* (in bytes). All in line. Results: S_OK; STRSAFE_E_INVALID_PARAMETER, and
 * nothing is written (no room at all, or more than STRSAFE_MAX_CCH); STRSAFE_E_INSUFFICIENT_BUFFER with as
 * much as fits. Source: Learn, strsafe.h.
 */
#ifndef WIN32MEMORY_STRSAFE_H
#define WIN32MEMORY_STRSAFE_H

#include "win32memory/base_types.h"
#include "win32memory/character_types.h"
#include "winerror.h"

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#define STRSAFE_MAX_CCH 2147483647
#define STRSAFE_MAX_LENGTH (STRSAFE_MAX_CCH - 1)
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057)
#define STRSAFE_E_END_OF_FILE ((HRESULT)0x80070026)

#define WIN32MEMORY_STRSAFE static __inline __attribute__((__unused__)) HRESULT

/* For characters of `type`, with the letter A or W. `most` is how much of the source counts. */
#define WIN32MEMORY_STRSAFE_FUNCTIONS(letter, type)                                                \
    WIN32MEMORY_STRSAFE win32memory_append##letter(type *to, size_t room, size_t at,               \
                                                   const type *from, size_t most) {                \
        size_t i = 0;                                                                              \
        for (; i < most && from[i] && at + 1 < room; i++)                                          \
            to[at++] = from[i];                                                                    \
        to[at] = 0;                                                                                \
        return i < most && from[i] ? STRSAFE_E_INSUFFICIENT_BUFFER : S_OK;                         \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCchLength##letter(const type *text, size_t room, size_t *length) {   \
        size_t i = 0;                                                                              \
        if (length)                                                                                \
            *length = 0;                                                                           \
        if (!text || room > STRSAFE_MAX_CCH)                                                       \
            return STRSAFE_E_INVALID_PARAMETER;                                                    \
        while (i < room && text[i])                                                                \
            i++;                                                                                   \
        if (i == room)                                                                             \
            return STRSAFE_E_INVALID_PARAMETER;                                                    \
        if (length)                                                                                \
            *length = i;                                                                           \
        return S_OK;                                                                               \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCchCopyN##letter(type *to, size_t room, const type *from,            \
                                               size_t most) {                                      \
        if (room == 0 || room > STRSAFE_MAX_CCH)                                                   \
            return STRSAFE_E_INVALID_PARAMETER;                                                    \
        return win32memory_append##letter(to, room, 0, from, most);                                \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCchCopy##letter(type *to, size_t room, const type *from) {           \
        return StringCchCopyN##letter(to, room, from, STRSAFE_MAX_CCH);                            \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCchCatN##letter(type *to, size_t room, const type *from,             \
                                              size_t most) {                                       \
        size_t length;                                                                             \
        HRESULT result = StringCchLength##letter(to, room, &length);                               \
        return result == S_OK ? win32memory_append##letter(to, room, length, from, most) : result; \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCchCat##letter(type *to, size_t room, const type *from) {            \
        return StringCchCatN##letter(to, room, from, STRSAFE_MAX_CCH);                             \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCbLength##letter(const type *text, size_t room, size_t *length) {    \
        HRESULT result = StringCchLength##letter(text, room / sizeof(type), length);               \
        if (length)                                                                                \
            *length *= sizeof(type);                                                               \
        return result;                                                                             \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCbCopy##letter(type *to, size_t room, const type *from) {            \
        return StringCchCopy##letter(to, room / sizeof(type), from);                               \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCbCopyN##letter(type *to, size_t room, const type *from,             \
                                              size_t most) {                                       \
        return StringCchCopyN##letter(to, room / sizeof(type), from, most / sizeof(type));         \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCbCat##letter(type *to, size_t room, const type *from) {             \
        return StringCchCat##letter(to, room / sizeof(type), from);                                \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCbCatN##letter(type *to, size_t room, const type *from,              \
                                             size_t most) {                                        \
        return StringCchCatN##letter(to, room / sizeof(type), from, most / sizeof(type));          \
    }

/* Formatting, by a function of the C library that answers a count, or less than 0. */
#define WIN32MEMORY_STRSAFE_FORMATS(letter, type, format_function)                                 \
    WIN32MEMORY_STRSAFE StringCchVPrintf##letter(type *to, size_t room, const type *format,        \
                                                 va_list arguments) {                              \
        int count;                                                                                 \
        if (room == 0 || room > STRSAFE_MAX_CCH)                                                   \
            return STRSAFE_E_INVALID_PARAMETER;                                                    \
        count = format_function(to, room, format, arguments);                                      \
        to[room - 1] = 0;                                                                          \
        return count < 0 || (size_t)count >= room ? STRSAFE_E_INSUFFICIENT_BUFFER : S_OK;          \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCchPrintf##letter(type *to, size_t room, const type *format, ...) {  \
        va_list arguments;                                                                         \
        HRESULT result;                                                                            \
        va_start(arguments, format);                                                               \
        result = StringCchVPrintf##letter(to, room, format, arguments);                            \
        va_end(arguments);                                                                         \
        return result;                                                                             \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCbVPrintf##letter(type *to, size_t room, const type *format,         \
                                                va_list arguments) {                               \
        return StringCchVPrintf##letter(to, room / sizeof(type), format, arguments);               \
    }                                                                                              \
    WIN32MEMORY_STRSAFE StringCbPrintf##letter(type *to, size_t room, const type *format, ...) {   \
        va_list arguments;                                                                         \
        HRESULT result;                                                                            \
        va_start(arguments, format);                                                               \
        result = StringCbVPrintf##letter(to, room, format, arguments);                             \
        va_end(arguments);                                                                         \
        return result;                                                                             \
    }

WIN32MEMORY_STRSAFE_FUNCTIONS(A, CHAR)
WIN32MEMORY_STRSAFE_FUNCTIONS(W, WCHAR)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
WIN32MEMORY_STRSAFE_FORMATS(A, CHAR, vsnprintf)
#if __SIZEOF_WCHAR_T__ == 4 /* what this C library formats */
WIN32MEMORY_STRSAFE_FORMATS(W, WCHAR, vswprintf)
#endif
#pragma GCC diagnostic pop

#ifdef UNICODE
#define WIN32MEMORY_STRSAFE_NAME(name) name##W
#else
#define WIN32MEMORY_STRSAFE_NAME(name) name##A
#endif
#define StringCchLength WIN32MEMORY_STRSAFE_NAME(StringCchLength)
#define StringCchCopy WIN32MEMORY_STRSAFE_NAME(StringCchCopy)
#define StringCchCopyN WIN32MEMORY_STRSAFE_NAME(StringCchCopyN)
#define StringCchCat WIN32MEMORY_STRSAFE_NAME(StringCchCat)
#define StringCchCatN WIN32MEMORY_STRSAFE_NAME(StringCchCatN)
#define StringCchPrintf WIN32MEMORY_STRSAFE_NAME(StringCchPrintf)
#define StringCchVPrintf WIN32MEMORY_STRSAFE_NAME(StringCchVPrintf)
#define StringCbLength WIN32MEMORY_STRSAFE_NAME(StringCbLength)
#define StringCbCopy WIN32MEMORY_STRSAFE_NAME(StringCbCopy)
#define StringCbCopyN WIN32MEMORY_STRSAFE_NAME(StringCbCopyN)
#define StringCbCat WIN32MEMORY_STRSAFE_NAME(StringCbCat)
#define StringCbCatN WIN32MEMORY_STRSAFE_NAME(StringCbCatN)
#define StringCbPrintf WIN32MEMORY_STRSAFE_NAME(StringCbPrintf)
#define StringCbVPrintf WIN32MEMORY_STRSAFE_NAME(StringCbVPrintf)

#endif

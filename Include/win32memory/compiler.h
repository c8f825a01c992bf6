/*
 * What Windows code expects of the compiler: calling conventions, __declspec, __int64. All of it is
 * macros, so that gcc and clang accept it with and without -fms-extensions. Included by every
 * header.
 */
#ifndef WIN32MEMORY_COMPILER_H
#define WIN32MEMORY_COMPILER_H

#if !defined(__LP64__) || __SIZEOF_LONG__ != 8
#error "win32memory needs a 64-bit target with 64-bit long (x86-64 or arm64 Linux)"
#endif

#ifdef __cplusplus
#define WIN32MEMORY_BEGIN_DECLARATIONS extern "C" {
#define WIN32MEMORY_END_DECLARATIONS }
#else
#define WIN32MEMORY_BEGIN_DECLARATIONS
#define WIN32MEMORY_END_DECLARATIONS
#endif

#ifdef __cplusplus
#define EXTERN_C extern "C"
#define EXTERN_C_START extern "C" {
#define EXTERN_C_END }
#else
#define EXTERN_C extern
#define EXTERN_C_START
#define EXTERN_C_END
#endif

/* Calling conventions: Linux has one per architecture, so the words vanish. */
#ifndef __cdecl
#define __cdecl
#endif
#ifndef __stdcall
#define __stdcall
#endif
#ifndef __fastcall
#define __fastcall
#endif
#ifndef __thiscall
#define __thiscall
#endif
#ifndef __vectorcall
#define __vectorcall
#endif
#ifndef __clrcall
#define __clrcall
#endif

/* The same with one underscore, which clang knows as well with -fms-extensions. */
#ifdef __clang__
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wkeyword-macro"
#endif
#ifndef _cdecl
#define _cdecl
#endif
#ifndef _stdcall
#define _stdcall
#endif
#ifndef _fastcall
#define _fastcall
#endif
#ifndef _inline
#define _inline __inline
#endif
#ifdef __clang__
#pragma clang diagnostic pop
#endif

#define WINAPI
#define WINAPIV
#define APIENTRY
#define APIPRIVATE
#define CALLBACK
#define NTAPI
#define FASTCALL
#define PASCAL
#define CDECL
#define STDMETHODCALLTYPE
#define STDAPICALLTYPE
#define WINBASEAPI
#define WINADVAPI
#define WINUSERAPI
#define NTSYSAPI
#define NTSYSCALLAPI
#define NTHALAPI

/*
 * __int64 is long and not long long: then code that writes `typedef unsigned __int64 uint64_t` in
 * its Windows branch agrees with <stdint.h>.
 */
#ifndef __int8
#define __int8 char
#endif
#ifndef __int16
#define __int16 short
#endif
#ifndef __int32
#define __int32 int
#endif
#ifndef __int64
#define __int64 long
#endif

#ifndef __forceinline
#define __forceinline __inline __attribute__((__always_inline__))
#endif
#ifndef __unaligned
#define __unaligned
#endif
#ifndef __w64
#define __w64
#endif
#ifndef __ptr32
#define __ptr32
#endif
#ifndef __ptr64
#define __ptr64
#endif
#ifndef __assume
#define __assume(condition) ((condition) ? (void)0 : __builtin_unreachable())
#endif

/*
 * __declspec(x) becomes the macro of its name below, so that thread-locality and alignment are kept
 * and not lost in an empty macro. A name that is missing here is a compile error.
 */
#ifndef __declspec
#define __declspec(attribute) WIN32MEMORY_FIRST_OF(WIN32MEMORY_DECLSPEC_##attribute, )
#define WIN32MEMORY_FIRST_OF(...) WIN32MEMORY_FIRST(__VA_ARGS__, )
#define WIN32MEMORY_FIRST(first, ...) first
#endif
#ifdef __cplusplus
#define WIN32MEMORY_DECLSPEC_thread thread_local
#else
#define WIN32MEMORY_DECLSPEC_thread _Thread_local
#endif
#define WIN32MEMORY_DECLSPEC_align(byte_count) __attribute__((__aligned__(byte_count)))
#define WIN32MEMORY_DECLSPEC_allocate(section_name) __attribute__((__section__(section_name)))
#define WIN32MEMORY_DECLSPEC_code_seg(section_name) __attribute__((__section__(section_name)))
#define WIN32MEMORY_DECLSPEC_deprecated __attribute__((__deprecated__)), /* a text may follow */
#define WIN32MEMORY_DECLSPEC_dllexport __attribute__((__visibility__("default")))
#define WIN32MEMORY_DECLSPEC_naked __attribute__((__naked__))
#define WIN32MEMORY_DECLSPEC_noinline __attribute__((__noinline__))
#define WIN32MEMORY_DECLSPEC_noreturn __attribute__((__noreturn__))
#define WIN32MEMORY_DECLSPEC__Noreturn __attribute__((__noreturn__))
#define WIN32MEMORY_DECLSPEC_selectany __attribute__((__weak__))
#define WIN32MEMORY_DECLSPEC_allocator
#define WIN32MEMORY_DECLSPEC_dllimport
#define WIN32MEMORY_DECLSPEC_empty_bases
#define WIN32MEMORY_DECLSPEC_guard(mode)
#define WIN32MEMORY_DECLSPEC_noalias
#define WIN32MEMORY_DECLSPEC_nothrow
#define WIN32MEMORY_DECLSPEC_novtable
#define WIN32MEMORY_DECLSPEC_restrict
#define WIN32MEMORY_DECLSPEC_safebuffers
#define WIN32MEMORY_DECLSPEC_uuid(text)

#define DECLSPEC_ALIGN(byte_count) __declspec(align(byte_count))
#define DECLSPEC_ALLOCATOR
#define DECLSPEC_IMPORT
#define DECLSPEC_EXPORT __declspec(dllexport)
#define DECLSPEC_NOINLINE __declspec(noinline)
#define DECLSPEC_NORETURN __declspec(noreturn)
#define DECLSPEC_SELECTANY __declspec(selectany)
#define DECLSPEC_THREAD __declspec(thread)
#ifndef FORCEINLINE
#define FORCEINLINE __forceinline
#endif
#ifndef CFORCEINLINE
#define CFORCEINLINE FORCEINLINE
#endif

/*
 * Functions that these headers define. In C they are not static, so that inline functions with external
 * linkage may call them (C11 6.7.4). They have no address: there is no copy of them to point to.
 */
#if defined(__cplusplus) || defined(__swift__)
#define WIN32MEMORY_INLINE static __forceinline
#else
#define WIN32MEMORY_INLINE extern __inline __attribute__((__always_inline__, __gnu_inline__))
#endif

/* Of the processor that a program is compiled for, as the SDK's headers tell it. */
#if defined(__x86_64__) && !defined(_AMD64_)
#define _AMD64_ 1
#elif defined(__aarch64__) && !defined(_ARM64_)
#define _ARM64_ 1
#endif

/* An annotation. The C library's headers have it as a name of parameters, where nothing will do. */
#ifndef __callback
#define __callback
#endif

#define UNALIGNED
#define RESTRICTED_POINTER

/* Words for readers of a prototype; a program may #undef them after its includes. */
#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif
#ifndef CONST
#define CONST const
#endif
#ifndef VOID
#define VOID void
#endif

#endif

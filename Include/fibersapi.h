/*
 * Fiber-local storage: its callback, which runs when a thread ends, and the index that means
 * failure.
 */
#ifndef WIN32MEMORY_FIBERSAPI_H
#define WIN32MEMORY_FIBERSAPI_H

#include "minwindef.h"

#define FLS_OUT_OF_INDEXES 0xFFFFFFFFu

typedef void(WINAPI *PFLS_CALLBACK_FUNCTION)(PVOID lpFlsData);
typedef PFLS_CALLBACK_FUNCTION LPFLS_CALLBACK_FUNCTION;

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * Fiber-local storage. A thread is one fiber here, so this is thread-local storage with a callback
 * for each value that is not NULL, when its thread ends or its index is freed.
 *
 * lpCallback  NULL, or what to call.
 * dwFlsIndex  from FlsAlloc; there are 4079, from 1 on.
 * Returns     FlsAlloc: the index, or FLS_OUT_OF_INDEXES. FlsGetValue: the value; the last error is
 *             0 then, to tell a value of NULL from a failure. FlsGetValue2: the value, or NULL; it
 *             leaves the last error alone. Others: TRUE or FALSE.
 * Errors      87 no such index; 8 no index left, or no memory for this thread's values.
 * Safety      any thread, no signal handler.
 * Cost        as Tls*.
 * Differs     no callbacks when the process ends.
 * Source      Learn, FlsAlloc and FlsCallback.
 */
WINBASEAPI DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION lpCallback);
WINBASEAPI PVOID WINAPI FlsGetValue(DWORD dwFlsIndex);
WINBASEAPI PVOID WINAPI FlsGetValue2(DWORD dwFlsIndex);
WINBASEAPI BOOL WINAPI FlsSetValue(DWORD dwFlsIndex, PVOID lpFlsData);
WINBASEAPI BOOL WINAPI FlsFree(DWORD dwFlsIndex);

WIN32MEMORY_END_DECLARATIONS

#endif

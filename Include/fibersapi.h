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

#endif

/*
 * Structured exceptions: what a filter expression answers, and the dispositions of a handler.
 */
#ifndef WIN32MEMORY_EXCPT_H
#define WIN32MEMORY_EXCPT_H

#include "win32memory/compiler.h"

#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)

typedef enum _EXCEPTION_DISPOSITION {
    ExceptionContinueExecution,
    ExceptionContinueSearch,
    ExceptionNestedException,
    ExceptionCollidedUnwind
} EXCEPTION_DISPOSITION;

/* The words __try, __except, __finally, __leave. */
#if !defined(__cplusplus) && !defined(__swift__) && !defined(WIN32MEMORY_NO_SEH)
#include "win32memory/seh.h"
#elif defined(__cplusplus) && defined(WIN32MEMORY_SEH_CXX) && !defined(WIN32MEMORY_NO_SEH)
#include "win32memory/seh_cxx.h"
#endif

#endif

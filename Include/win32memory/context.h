/*
 * CONTEXT: the registers of a thread, in the layout of the architecture that is compiled for.
 */
#ifndef WIN32MEMORY_CONTEXT_H
#define WIN32MEMORY_CONTEXT_H

#include "base_types.h"

#if defined(__x86_64__)
#include "context_amd64.h"
#elif defined(__aarch64__)
#include "context_arm64.h"
#else
#error "win32memory has no CONTEXT for this architecture"
#endif

#endif

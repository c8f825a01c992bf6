/*
 * The high-resolution clock.
 */
#ifndef WIN32MEMORY_PROFILEAPI_H
#define WIN32MEMORY_PROFILEAPI_H

#include "minwindef.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * QueryPerformanceCounter, QueryPerformanceFrequency - a steady clock, and its ticks in a second.
 *
 * lpPerformanceCount  receives the ticks since some moment in the past.
 * lpFrequency         receives 10,000,000, as on Windows 10.
 * Returns             TRUE; FALSE for a NULL pointer.
 * Errors              998 a NULL pointer.
 * Safety              any thread, any signal handler.
 * Cost                no system call.
 * Source              Learn, QueryPerformanceCounter; clock_gettime(2), CLOCK_MONOTONIC.
 */
WINBASEAPI BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount);
WINBASEAPI BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency);

WIN32MEMORY_END_DECLARATIONS

#endif

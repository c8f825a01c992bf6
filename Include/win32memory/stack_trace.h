/*
 * The registers and the callers of the running function. Included by winbase.h.
 */
#ifndef WIN32MEMORY_STACK_TRACE_H
#define WIN32MEMORY_STACK_TRACE_H

#include "context.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * RtlCaptureContext - the registers as they are when this has returned.
 *
 * ContextRecord  receives them: CONTEXT_FULL | CONTEXT_SEGMENTS, debug registers zero. 16-byte aligned.
 * Safety   any thread, any signal handler.
 * Source   Learn, RtlCaptureContext.
 */
WINBASEAPI VOID WINAPI RtlCaptureContext(PCONTEXT ContextRecord);

/*
 * RtlCaptureStackBackTrace (CaptureStackBackTrace) - where the callers will be returned to.
 *
 * FramesToSkip     callers to leave out; 0: begin in the function that calls this.
 * FramesToCapture  elements of BackTrace.
 * BackTrace        receives the addresses, innermost first.
 * BackTraceHash    receives a number that is the same for the same addresses; NULL: not wanted.
 * Returns  the addresses stored.
 * Safety   any thread, any signal handler. Nothing is read that cannot be.
 * Differs  only functions that keep frame pointers are seen (-fno-omit-frame-pointer); the first one
 *          that keeps none may end it, or is passed over.
 * Source   Learn, CaptureStackBackTrace.
 */
WINBASEAPI USHORT WINAPI RtlCaptureStackBackTrace(ULONG FramesToSkip, ULONG FramesToCapture,
                                                  PVOID *BackTrace, PULONG BackTraceHash);
#define CaptureStackBackTrace RtlCaptureStackBackTrace

WIN32MEMORY_END_DECLARATIONS

#endif

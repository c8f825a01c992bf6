// x86-64: declarations that the files of this folder share.
#ifndef WIN32MEMORY_AMD64_H
#define WIN32MEMORY_AMD64_H

/// Whether the interrupted division failed because its quotient does not fit, not for a zero divisor.
/// `machine` is a ucontext_t.
int amd64_division_overflowed(const void *machine);

/// Fills the segment registers of `context`, a CONTEXT, as Windows shows them.
void amd64_show_segments(void *context);

#endif

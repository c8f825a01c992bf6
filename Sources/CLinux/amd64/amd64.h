// x86-64: declarations that the files of this folder share.
#ifndef WIN32MEMORY_AMD64_H
#define WIN32MEMORY_AMD64_H

/// Exception numbers of the processor (gregs[REG_TRAPNO]).
enum {
    STEP_TRAP = 1,
    BREAKPOINT_TRAP = 3,
    BOUND_TRAP = 5,
    PROTECTION_TRAP = 13,
    PAGE_TRAP = 14,
    VECTOR_TRAP = 19,
};

/// The flag that raises STEP_TRAP after the next instruction.
enum { TRAP_FLAG = 0x100 };

/// The general registers (REG_* of ucontext_t) by the number that instructions give them, which is their
/// order in CONTEXT too.
extern const int amd64_general_registers[16];

/// An instruction that is being decoded. Its bytes can be read, because they were being executed.
struct amd64_instruction {
    const unsigned char *next; ///< byte to decode
    int has_prefix_66;
    int has_segment; ///< fs or gs, whose base is not known here
    unsigned rex;
};

/// Moves `next` to the opcode, and notes the prefixes before it.
void amd64_skip_prefixes(struct amd64_instruction *code);

/// Whether the interrupted division failed because its quotient does not fit, not for a zero divisor.
/// `machine` is a ucontext_t.
int amd64_division_overflowed(const void *machine);

/// Fills the segment registers of `context`, a CONTEXT, as Windows shows them.
void amd64_show_segments(void *context);

/// Completes `context`, a CONTEXT in which assembly has stored the general registers, rip, the flags and the
/// FXSAVE image: clears the rest, and says what it holds.
void amd64_complete_context(void *context);

#endif

/*
 * The floating-point environment of the calling thread, in Windows' words. Included by float.h.
 *
 * As on 64-bit Windows they are about the SSE unit (MXCSR): float and double. The x87 unit, for long double,
 * stays as it is.
 */
#ifndef WIN32MEMORY_FLOATING_POINT_CONTROL_H
#define WIN32MEMORY_FLOATING_POINT_CONTROL_H

#include "compiler.h"

/* Exceptions that are masked, that is, do not interrupt the program. */
#define _MCW_EM 0x0008001F
#define _EM_INEXACT 0x00000001
#define _EM_UNDERFLOW 0x00000002
#define _EM_OVERFLOW 0x00000004
#define _EM_ZERODIVIDE 0x00000008
#define _EM_INVALID 0x00000010
#define _EM_DENORMAL 0x00080000

/* Rounding. */
#define _MCW_RC 0x00000300
#define _RC_NEAR 0x00000000
#define _RC_DOWN 0x00000100
#define _RC_UP 0x00000200
#define _RC_CHOP 0x00000300

/* Denormal numbers: kept, or zero as operands, results or both. */
#define _MCW_DN 0x03000000
#define _DN_SAVE 0x00000000
#define _DN_FLUSH 0x01000000
#define _DN_FLUSH_OPERANDS_SAVE_RESULTS 0x02000000
#define _DN_SAVE_OPERANDS_FLUSH_RESULTS 0x03000000

/* Of the x87 unit: without effect. */
#define _MCW_PC 0x00030000
#define _PC_64 0x00000000
#define _PC_53 0x00010000
#define _PC_24 0x00020000
#define _MCW_IC 0x00040000
#define _IC_PROJECTIVE 0x00000000
#define _IC_AFFINE 0x00040000

#define _CW_DEFAULT                                                                                \
    (_RC_NEAR | _PC_53 | _EM_INVALID | _EM_ZERODIVIDE | _EM_OVERFLOW | _EM_UNDERFLOW |             \
     _EM_INEXACT | _EM_DENORMAL)

/* What _statusfp and _clearfp return. */
#define _SW_INEXACT 0x00000001
#define _SW_UNDERFLOW 0x00000002
#define _SW_OVERFLOW 0x00000004
#define _SW_ZERODIVIDE 0x00000008
#define _SW_INVALID 0x00000010
#define _SW_DENORMAL 0x00080000

/* How the hardware has them: six flags, their six masks, rounding, and what happens to denormal numbers. */
#define WIN32MEMORY_MXCSR_FLAGS 0x003Fu
#define WIN32MEMORY_MXCSR_MASK_SHIFT 7
#define WIN32MEMORY_MXCSR_ROUNDING_SHIFT 5 /* from _MCW_RC */
#define WIN32MEMORY_MXCSR_OPERANDS_ARE_ZEROS 0x0040u
#define WIN32MEMORY_MXCSR_RESULTS_ARE_ZEROS 0x8000u

/* Six bits of the hardware (invalid, denormal, divide, overflow, underflow, inexact) as Windows' bits. */
WIN32MEMORY_INLINE unsigned int win32memory_from_flags(unsigned int flags) {
    return (flags & 0x01) << 4 | (flags & 0x02) << 18 | (flags & 0x04) << 1 | (flags & 0x08) >> 1 |
           (flags & 0x10) >> 3 | (flags & 0x20) >> 5;
}
WIN32MEMORY_INLINE unsigned int win32memory_to_flags(unsigned int bits) {
    return (bits & 0x10) >> 4 | (bits & 0x80000) >> 18 | (bits & 0x08) >> 1 | (bits & 0x04) << 1 |
           (bits & 0x02) << 3 | (bits & 0x01) << 5;
}

WIN32MEMORY_INLINE unsigned int win32memory_control_word(unsigned int mxcsr) {
    unsigned int word = win32memory_from_flags(mxcsr >> WIN32MEMORY_MXCSR_MASK_SHIFT);
    int operands = (mxcsr & WIN32MEMORY_MXCSR_OPERANDS_ARE_ZEROS) != 0;
    int results = (mxcsr & WIN32MEMORY_MXCSR_RESULTS_ARE_ZEROS) != 0;
    word |= mxcsr >> WIN32MEMORY_MXCSR_ROUNDING_SHIFT & _MCW_RC;
    if (operands && results)
        return word | _DN_FLUSH;
    if (operands)
        return word | _DN_FLUSH_OPERANDS_SAVE_RESULTS;
    return results ? word | _DN_SAVE_OPERANDS_FLUSH_RESULTS : word;
}

/* mxcsr with the settings of word and its own flags. */
WIN32MEMORY_INLINE unsigned int win32memory_mxcsr(unsigned int mxcsr, unsigned int word) {
    unsigned int denormals = word & _MCW_DN;
    mxcsr &= WIN32MEMORY_MXCSR_FLAGS;
    mxcsr |= win32memory_to_flags(word) << WIN32MEMORY_MXCSR_MASK_SHIFT;
    mxcsr |= (word & _MCW_RC) << WIN32MEMORY_MXCSR_ROUNDING_SHIFT;
    if (denormals == _DN_FLUSH || denormals == _DN_FLUSH_OPERANDS_SAVE_RESULTS)
        mxcsr |= WIN32MEMORY_MXCSR_OPERANDS_ARE_ZEROS;
    if (denormals == _DN_FLUSH || denormals == _DN_SAVE_OPERANDS_FLUSH_RESULTS)
        mxcsr |= WIN32MEMORY_MXCSR_RESULTS_ARE_ZEROS;
    return mxcsr;
}

/*
 * _control87, _controlfp, _controlfp_s - what the calling thread's calculations do.
 *
 * settings  _EM_*, _RC_*, _DN_*.
 * which     the parts of settings that count: _MCW_*; 0 to ask. _controlfp and _controlfp_s leave
 *           _EM_DENORMAL as it is.
 * current   receives the new settings, unless it is NULL.
 * Returns   the new settings; _controlfp_s: 0.
 * Safety    any thread; for this thread.
 * Cost      some ten instructions.
 * Differs   a flag of the past does not interrupt when it is unmasked. _MCW_PC and _MCW_IC have no effect and are 0.
 * Source    Learn, _control87, _controlfp_s.
 */
WIN32MEMORY_INLINE unsigned int _control87(unsigned int settings, unsigned int which) {
    unsigned int mxcsr = __builtin_ia32_stmxcsr();
    unsigned int word = (win32memory_control_word(mxcsr) & ~which) | (settings & which);
    if (which != 0) {
        mxcsr = win32memory_mxcsr(mxcsr, word);
        __builtin_ia32_ldmxcsr(mxcsr);
    }
    return win32memory_control_word(mxcsr);
}
WIN32MEMORY_INLINE unsigned int _controlfp(unsigned int settings, unsigned int which) {
    return _control87(settings, which & ~(unsigned int)_EM_DENORMAL);
}
WIN32MEMORY_INLINE int _controlfp_s(unsigned int *current, unsigned int settings,
                                    unsigned int which) {
    unsigned int word = _controlfp(settings, which);
    if (current)
        *current = word;
    return 0;
}

/* Flags of the thread's calculations until now, _SW_*; _clearfp takes them away. */
WIN32MEMORY_INLINE unsigned int _statusfp(void) {
    return win32memory_from_flags(__builtin_ia32_stmxcsr());
}
WIN32MEMORY_INLINE unsigned int _clearfp(void) {
    unsigned int mxcsr = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(mxcsr & ~WIN32MEMORY_MXCSR_FLAGS);
    return win32memory_from_flags(mxcsr);
}
WIN32MEMORY_INLINE unsigned int _status87(void) {
    return _statusfp();
}
WIN32MEMORY_INLINE unsigned int _clear87(void) {
    return _clearfp();
}

/* The settings of a new thread, without flags. */
WIN32MEMORY_INLINE void _fpreset(void) {
    __builtin_ia32_ldmxcsr(win32memory_mxcsr(0, _CW_DEFAULT));
}

/* The names without an underscore. */
#define MCW_EM _MCW_EM
#define EM_INEXACT _EM_INEXACT
#define EM_UNDERFLOW _EM_UNDERFLOW
#define EM_OVERFLOW _EM_OVERFLOW
#define EM_ZERODIVIDE _EM_ZERODIVIDE
#define EM_INVALID _EM_INVALID
#define MCW_RC _MCW_RC
#define RC_NEAR _RC_NEAR
#define RC_DOWN _RC_DOWN
#define RC_UP _RC_UP
#define RC_CHOP _RC_CHOP
#define MCW_PC _MCW_PC
#define PC_64 _PC_64
#define PC_53 _PC_53
#define PC_24 _PC_24

#endif

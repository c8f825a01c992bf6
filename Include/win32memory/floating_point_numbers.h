/*
 * Kinds of floating-point numbers under Windows' names. Included by float.h.
 */
#ifndef WIN32MEMORY_FLOATING_POINT_NUMBERS_H
#define WIN32MEMORY_FLOATING_POINT_NUMBERS_H

#include "compiler.h"

#define _FPCLASS_SNAN 0x0001
#define _FPCLASS_QNAN 0x0002
#define _FPCLASS_NINF 0x0004
#define _FPCLASS_NN 0x0008
#define _FPCLASS_ND 0x0010
#define _FPCLASS_NZ 0x0020
#define _FPCLASS_PZ 0x0040
#define _FPCLASS_PD 0x0080
#define _FPCLASS_PN 0x0100
#define _FPCLASS_PINF 0x0200

WIN32MEMORY_INLINE int _finite(double number) {
    return __builtin_isfinite(number);
}
WIN32MEMORY_INLINE int _isnan(double number) {
    return __builtin_isnan(number);
}
WIN32MEMORY_INLINE double _copysign(double number, double sign) {
    return __builtin_copysign(number, sign);
}
WIN32MEMORY_INLINE double _chgsign(double number) {
    return -number;
}

/* One of _FPCLASS_*. A NaN whose highest fraction bit is clear is a signalling one. */
WIN32MEMORY_INLINE int _fpclass(double number) {
    unsigned long bits;
    int is_negative = __builtin_signbit(number) != 0;
    __builtin_memcpy(&bits, &number, sizeof(bits));
    if (__builtin_isnan(number))
        return bits & 0x0008000000000000 ? _FPCLASS_QNAN : _FPCLASS_SNAN;
    if (__builtin_isinf(number))
        return is_negative ? _FPCLASS_NINF : _FPCLASS_PINF;
    if (number == 0)
        return is_negative ? _FPCLASS_NZ : _FPCLASS_PZ;
    if (__builtin_isnormal(number))
        return is_negative ? _FPCLASS_NN : _FPCLASS_PN;
    return is_negative ? _FPCLASS_ND : _FPCLASS_PD;
}

#endif

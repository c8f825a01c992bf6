// Sixteen-byte steps up to 128 bytes, then four steps to each doubling, up to 16 KiB.
#include "span.h"

#include <intrin.h>

unsigned size_class_of(size_t byte_count) {
    if (byte_count <= 128)
        return byte_count == 0 ? 0 : (unsigned)(byte_count - 1) / 16;
    unsigned long highest;
    _BitScanReverse64(&highest, byte_count - 1);
    unsigned step = (unsigned)((byte_count - 1) >> (highest - 2)) & 3;
    return 8 + (unsigned)(highest - 7) * 4 + step;
}

unsigned size_class_bytes(unsigned size_class) {
    if (size_class < 8)
        return (size_class + 1) * 16;
    unsigned doubling = (size_class - 8) / 4, step = (size_class - 8) % 4;
    return (128u << doubling) + ((step + 1) * (32u << doubling));
}

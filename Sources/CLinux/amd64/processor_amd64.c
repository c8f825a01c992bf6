// x86-64: the identity of the processor, and a breakpoint.
#if defined(__x86_64__)
#include "CLinux.h"

#include <cpuid.h>
#include <windows.h>

_Static_assert(MACHINE_ARCHITECTURE == PROCESSOR_ARCHITECTURE_AMD64, "architecture");
_Static_assert(MACHINE_PROCESSOR_TYPE == PROCESSOR_AMD_X8664, "type");

struct machine_identity machine_identity(void) {
    struct machine_identity identity = {0, 0};
    unsigned eax, ebx, ecx, edx;
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx)) {
        unsigned family = eax >> 8 & 15, model = eax >> 4 & 15;
        if (family == 15)
            family += eax >> 20 & 255;
        if (family >= 6)
            model += (eax >> 16 & 15) << 4;
        identity.level = (uint16_t)family;
        identity.revision = (uint16_t)(model << 8 | (eax & 15));
    }
    return identity;
}

void machine_break(void) {
    __asm__ volatile("int3");
}

#endif

// x86-64: functions that must be in line. Some processors lose their return predictions in the
// kernel; there each return from a function after a system call costs a misprediction.
#ifndef WIN32MEMORY_IN_LINE_AMD64_H
#define WIN32MEMORY_IN_LINE_AMD64_H

#define MACHINE_ARCHITECTURE 9
#define MACHINE_PROCESSOR_TYPE 8664

static inline long machine_call_3(long number, long first, long second, long third) {
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long machine_call_4(long number, long first, long second, long third, long fourth) {
    long result;
    register long in_r10 __asm__("r10") = fourth;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third), "r"(in_r10)
                     : "rcx", "r11", "memory");
    return result;
}

static inline void machine_pause(void) {
    __builtin_ia32_pause();
}

#endif

/* Advice 10: anonymous members are reached directly; CONTEXT names every register. */
#include <windows.h>
#include <assert.h>

static_assert(sizeof(MEMORY_BASIC_INFORMATION) == 48,
              "code compares VirtualQuery's result with it");

int fills(MEM_EXTENDED_PARAMETER *parameter, MEM_ADDRESS_REQUIREMENTS *requirements);
int fills(MEM_EXTENDED_PARAMETER *parameter, MEM_ADDRESS_REQUIREMENTS *requirements) {
    LARGE_INTEGER whole;
    ULARGE_INTEGER unsigned_whole;
    SYSTEM_INFO system;
    OVERLAPPED overlapped;
    parameter->Type = MemExtendedParameterAddressRequirements;
    parameter->Pointer = requirements;
    parameter->ULong = 1;
    parameter->ULong64 = 1;
    parameter->Size = 1;
    parameter->Handle = NULL;
    whole.QuadPart = 1;
    whole.u.LowPart = 2;
    whole.HighPart = 3;
    unsigned_whole.QuadPart = 1;
    unsigned_whole.LowPart = 2;
    overlapped.Offset = 1;
    overlapped.Pointer = NULL;
    system.dwOemId = 0;
    system.wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
    return (int)whole.LowPart + (int)unsigned_whole.HighPart + system.wReserved +
           (overlapped.hEvent == NULL) + (int)overlapped.OffsetHigh;
}

#if !defined(__cplusplus) || __cplusplus >= 202002L
LARGE_INTEGER designated(void);
LARGE_INTEGER designated(void) {
    LARGE_INTEGER whole = {.QuadPart = 1};
    MEM_ADDRESS_REQUIREMENTS requirements = {
        .LowestStartingAddress = NULL, .HighestEndingAddress = NULL, .Alignment = 0x200000};
    whole.QuadPart += (LONGLONG)requirements.Alignment;
    return whole;
}
#endif

DWORD64 *registers(CONTEXT *context, int number);
DWORD64 *registers(CONTEXT *context, int number) {
    context->ContextFlags = CONTEXT_FULL;
#if defined(__x86_64__)
    context->Rip = context->R15 + context->SegCs + context->EFlags;
    context->Xmm15.Low = context->FltSave.MxCsr;
    context->VectorRegister[25].High = 0;
    context->LastExceptionFromRip = context->Dr7;
    return &(&context->Rax)[number];
#else
    context->Pc = context->Lr + context->Fp + context->Sp + context->Cpsr;
    context->V[31].Low = context->Fpcr;
    context->Wvr[1] = context->Bvr[7];
    return &context->X[number];
#endif
}

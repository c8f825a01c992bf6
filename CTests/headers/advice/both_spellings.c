/* Advice 13: the two spellings of a header are one header. */
#include <windows.h>
#include <Windows.h>
#include <psapi.h>
#include <Psapi.h>
#include <winnt.h>
#include <windef.h>

SIZE_T counters(void);
SIZE_T counters(void) {
    return sizeof(PROCESS_MEMORY_COUNTERS_EX);
}

/* Advice 14 and section 2: pointers and handles become numbers and come back; EXTERN_C; words without meaning. */
#include <windows.h>
#include <winternl.h>

EXTERN_C int WINAPI PASCAL shortened(void *pointer, HANDLE handle);
EXTERN_C int WINAPI PASCAL shortened(void *pointer, HANDLE handle) {
    ULONG number = PtrToUlong(pointer);
    LONG half = HandleToLong(handle);
    return ULongToPtr(number) == pointer && LongToHandle(half) == handle &&
           HandleToULong(handle) == 0 && PtrToInt(pointer) == 0;
}

PTEB own_block(void);
PTEB own_block(void) {
    return NtCurrentTeb();
}

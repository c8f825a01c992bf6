/*
 * Pointers and handles as numbers of 32 bits, and back. The upper half of a pointer is lost on the
 * way there; on the way back signed numbers are extended with their sign.
 */
#ifndef WIN32MEMORY_POINTER_CONVERSIONS_H
#define WIN32MEMORY_POINTER_CONVERSIONS_H

#define HandleToULong(handle) ((ULONG)(ULONG_PTR)(handle))
#define HandleToLong(handle) ((LONG)(LONG_PTR)(handle))
#define ULongToHandle(number) ((HANDLE)(ULONG_PTR)(ULONG)(number))
#define LongToHandle(number) ((HANDLE)(LONG_PTR)(LONG)(number))
#define PtrToUlong(pointer) ((ULONG)(ULONG_PTR)(pointer))
#define PtrToLong(pointer) ((LONG)(LONG_PTR)(pointer))
#define PtrToUint(pointer) ((UINT)(UINT_PTR)(pointer))
#define PtrToInt(pointer) ((INT)(INT_PTR)(pointer))
#define PtrToUshort(pointer) ((unsigned short)(ULONG_PTR)(pointer))
#define PtrToShort(pointer) ((short)(LONG_PTR)(pointer))
#define ULongToPtr(number) ((VOID *)(ULONG_PTR)(ULONG)(number))
#define LongToPtr(number) ((VOID *)(LONG_PTR)(LONG)(number))
#define UIntToPtr(number) ((VOID *)(UINT_PTR)(UINT)(number))
#define IntToPtr(number) ((VOID *)(INT_PTR)(INT)(number))

#define HandleToUlong(handle) HandleToULong(handle)
#define UlongToHandle(number) ULongToHandle(number)
#define PtrToULong(pointer) PtrToUlong(pointer)
#define PtrToUInt(pointer) PtrToUint(pointer)
#define UlongToPtr(number) ULongToPtr(number)
#define UintToPtr(number) UIntToPtr(number)

#endif

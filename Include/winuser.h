/*
 * Message boxes. There are no windows: the text goes to standard error.
 */
#ifndef WIN32MEMORY_WINUSER_H
#define WIN32MEMORY_WINUSER_H

#include "windef.h"

#define MB_OK 0x00000000
#define MB_OKCANCEL 0x00000001
#define MB_ABORTRETRYIGNORE 0x00000002
#define MB_YESNOCANCEL 0x00000003
#define MB_YESNO 0x00000004
#define MB_RETRYCANCEL 0x00000005
#define MB_CANCELTRYCONTINUE 0x00000006
#define MB_TYPEMASK 0x0000000F
#define MB_ICONHAND 0x00000010
#define MB_ICONQUESTION 0x00000020
#define MB_ICONEXCLAMATION 0x00000030
#define MB_ICONASTERISK 0x00000040
#define MB_ICONERROR MB_ICONHAND
#define MB_ICONSTOP MB_ICONHAND
#define MB_ICONWARNING MB_ICONEXCLAMATION
#define MB_ICONINFORMATION MB_ICONASTERISK
#define MB_ICONMASK 0x000000F0
#define MB_DEFBUTTON1 0x00000000
#define MB_DEFBUTTON2 0x00000100
#define MB_DEFBUTTON3 0x00000200
#define MB_DEFBUTTON4 0x00000300
#define MB_DEFMASK 0x00000F00
#define MB_APPLMODAL 0x00000000
#define MB_SYSTEMMODAL 0x00001000
#define MB_TASKMODAL 0x00002000
#define MB_NOFOCUS 0x00008000
#define MB_SETFOREGROUND 0x00010000
#define MB_DEFAULT_DESKTOP_ONLY 0x00020000
#define MB_TOPMOST 0x00040000
#define MB_SERVICE_NOTIFICATION 0x00200000

#define IDOK 1
#define IDCANCEL 2
#define IDABORT 3
#define IDRETRY 4
#define IDIGNORE 5
#define IDYES 6
#define IDNO 7
#define IDTRYAGAIN 10
#define IDCONTINUE 11

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * MessageBoxA, MessageBoxW - writes a message to standard error, as "caption: text" and a line feed.
 *
 * hWnd       ignored.
 * lpText     the text; NULL: none.
 * lpCaption  the caption; NULL: "Error".
 * uType      MB_*: which buttons there would be, and which is the default one.
 * Returns    the default button, IDOK for MB_OK; where that is Retry or Try Again, which nobody could end,
 *            IDCANCEL (with three buttons IDABORT). 0 on failure.
 * Errors     1438 uType has no such buttons; nothing is written then.
 * Safety     any thread, any signal handler.
 * Cost       four or more write(2).
 * Differs    does not wait for anybody.
 * Source     Learn, MessageBox.
 */
WINBASEAPI int WINAPI MessageBoxA(HWND hWnd, LPCSTR lpText, LPCSTR lpCaption, UINT uType);
WINBASEAPI int WINAPI MessageBoxW(HWND hWnd, LPCWSTR lpText, LPCWSTR lpCaption, UINT uType)
    WIN32MEMORY_WIDE(MessageBoxW);
#ifdef UNICODE
#define MessageBox MessageBoxW
#else
#define MessageBox MessageBoxA
#endif

WIN32MEMORY_END_DECLARATIONS

#endif

/* The header that Windows programs include. Windows.h, the other spelling, has the same text. */
#include "win32memory/windows_umbrella.h"

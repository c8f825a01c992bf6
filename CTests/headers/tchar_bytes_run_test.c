/* tchar.h without _UNICODE. */
#include "tchar_rules.h"

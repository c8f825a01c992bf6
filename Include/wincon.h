/*
 * All of the console's headers.
 */
#ifndef WIN32MEMORY_WINCON_H
#define WIN32MEMORY_WINCON_H

#include "wincontypes.h"
#include "consoleapi.h"
#include "consoleapi2.h"

#endif

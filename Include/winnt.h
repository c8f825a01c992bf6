/*
 * Types and constants of the Windows NT kernel interface. The parts are in win32memory/, by topic.
 */
#ifndef WIN32MEMORY_WINNT_H
#define WIN32MEMORY_WINNT_H

#include "win32memory/base_types.h"
#include "win32memory/character_types.h"
#include "win32memory/large_integer.h"
#include "win32memory/memory_constants.h"
#include "win32memory/memory_information.h"

#endif

// The system that the larger ports are written for, and the only one.
#ifndef PLATFORM_H
#define PLATFORM_H

#if defined(__linux__) || defined(__unix__)
#error "the Linux branch is taken"
#elif !defined(_WIN32)
#error "written for Windows"
#endif

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#endif

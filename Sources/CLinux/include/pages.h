// The size of a page. Page.swift has it for Swift.
#ifndef WIN32MEMORY_PAGES_H
#define WIN32MEMORY_PAGES_H

#include <stdint.h>

#define PAGE_BYTE_COUNT ((uintptr_t)4096)
/// The start of the page of an address.
#define PAGE_START(address) ((address) & ~(PAGE_BYTE_COUNT - 1))

#endif

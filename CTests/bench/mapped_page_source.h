// The small allocator's page source on bare system calls, to compare VirtualAlloc with.
#ifndef MAPPED_PAGE_SOURCE_H
#define MAPPED_PAGE_SOURCE_H

#include "../programs/small_allocator/page_source.h"

extern const struct page_source mapped_page_source;

#endif

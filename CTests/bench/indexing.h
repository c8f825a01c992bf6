// The work of the indexing rows: the small allocator of the demo keeps an index of texts, whose pages
// come from VirtualAlloc or from bare system calls. A batch makes the index, fills it and frees it.
#ifndef INDEXING_H
#define INDEXING_H

#include "bench.h"

enum { INDEXING_TEXTS = 16 }; // an operation is one of them, 256 KiB

bool indexing_write_texts(void);
bench_work ours_index, bare_index;

#endif

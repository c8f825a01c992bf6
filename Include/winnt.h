/*
 * Types and constants of the Windows NT kernel interface. The parts are in win32memory/, by topic.
 */
#ifndef WIN32MEMORY_WINNT_H
#define WIN32MEMORY_WINNT_H

#include "win32memory/base_types.h"
#include "win32memory/character_types.h"
#include "win32memory/large_integer.h"
#include "win32memory/structure_macros.h"

#include "excpt.h"
#include "guiddef.h"
#include "win32memory/context.h"
#include "win32memory/exception_record.h"
#include "win32memory/status_codes.h"
#include "win32memory/thread_information_block.h"
#include "win32memory/unwind_information.h"

#include "win32memory/heap_constants.h"
#include "win32memory/memory_constants.h"
#include "win32memory/memory_information.h"

#include "win32memory/access_rights.h"
#include "win32memory/file_constants.h"
#include "win32memory/image_format.h"
#include "win32memory/image_format_32.h"
#include "win32memory/image_imports.h"
#include "win32memory/job_object.h"
#include "win32memory/language_identifiers.h"
#include "win32memory/linked_list_types.h"
#include "win32memory/privileges.h"
#include "win32memory/processor_architecture.h"
#include "win32memory/processor_topology.h"
#include "win32memory/version_information.h"

#include "win32memory/interlocked.h"
#include "win32memory/processor_hints.h"
#include "win32memory/synchronization_objects.h"
#include "win32memory/thread_pool_types.h"

#endif

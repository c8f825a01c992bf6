/*
 * NUMA nodes and their processors, 64 to a group. A kernel without NUMA has one node.
 */
#ifndef WIN32MEMORY_SYSTEMTOPOLOGYAPI_H
#define WIN32MEMORY_SYSTEMTOPOLOGYAPI_H

#include "minwindef.h"

WIN32MEMORY_BEGIN_DECLARATIONS

/*
 * GetNumaHighestNodeNumber, GetNumaNodeProcessorMask, GetNumaNodeProcessorMaskEx,
 * GetNumaProcessorNode, GetNumaProcessorNodeEx - the nodes, what belongs to each, and back.
 *
 * HighestNodeNumber  receives the number of the highest node.
 * Node               a node; ProcessorMask receives its processors of group 0, or of its first
 *                    group.
 * Processor          a processor, by number; or by group and number. NodeNumber receives its node.
 * Returns            TRUE or FALSE.
 * Errors             87 no such node or processor (NodeNumber is then 0xFF, or 0xFFFF); 998 a NULL
 *                    pointer.
 * Safety             any thread, any signal handler.
 * Cost               reads a file of /sys for each node looked at.
 * Source             Learn, NUMA Support.
 */
WINBASEAPI BOOL WINAPI GetNumaHighestNodeNumber(PULONG HighestNodeNumber);
WINBASEAPI BOOL WINAPI GetNumaNodeProcessorMask(UCHAR Node, PULONGLONG ProcessorMask);
WINBASEAPI BOOL WINAPI GetNumaNodeProcessorMaskEx(USHORT Node, PGROUP_AFFINITY ProcessorMask);
WINBASEAPI BOOL WINAPI GetNumaProcessorNode(UCHAR Processor, PUCHAR NodeNumber);
WINBASEAPI BOOL WINAPI GetNumaProcessorNodeEx(PPROCESSOR_NUMBER Processor, PUSHORT NodeNumber);

WIN32MEMORY_END_DECLARATIONS

#endif

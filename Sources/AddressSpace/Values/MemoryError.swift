// Every way in which an operation can be refused, from the caller's side. There are more cases than Win32 has
// codes; Win32/Decoding/LastError.swift has the only table that translates them.

package enum MemoryError: Error {
    /// Arguments that no state of memory could satisfy (ERROR_INVALID_PARAMETER).
    case invalidParameter
    /// No allocation contains the first page.
    case notAllocated
    /// The call names the whole allocation by an address outside its first page.
    case notAtBase
    /// The range runs past the end of the allocation.
    case pastAllocationEnd
    /// The range touches something allocated, or more than one allocation.
    case rangeConflicts
    /// A page of the range is not committed.
    case notCommitted
    /// Address space is used up, or the kernel will not keep another mapping.
    case outOfAddressSpace
    /// The commit limit is reached (behaviour 2.9).
    case commitLimitReached
    /// A mapping that is not ours and that VirtualFree may not free: a file or a program image.
    case foreignView
    /// The kernel forbids the operation to this process.
    case accessDenied
    /// The operation is not possible on memory outside our allocations.
    case notSupported
    /// A page of the range, or the target of an out-pointer, is inaccessible (ERROR_NOACCESS).
    case noAccess
    /// The kernel will not keep more pages in RAM.
    case workingSetQuotaReached
    /// A page of the range is not locked.
    case notLocked
    /// An armed guard page was met; it is disarmed now (behaviour 8.31).
    case guardPageHit
    /// MEM_RESET_UNDO: the kernel has taken the contents of at least one page.
    case contentsLost
    /// Not a process handle of ours.
    case invalidHandle
    /// The process has no right to lock memory, which large pages need.
    case privilegeNotHeld
    /// A buffer has the wrong length for the data.
    case lengthMismatch
    /// A signal handler asked for pages that the call it interrupted is changing.
    case operationInProgress
}

// Every way an operation can be refused, from the caller's side. More cases than Win32 has codes;
// Win32/LastError.swift translates them, once.

package enum MemoryError: Error {
    /// Arguments that no state of memory could satisfy (ERROR_INVALID_PARAMETER).
    case invalidParameter
    /// No allocation contains the first page.
    case notAllocated
    /// Asked for the whole allocation from an address outside its first page.
    case notAtBase
    /// Runs past the end of the allocation, where only a part of one may be named.
    case pastAllocationEnd
    /// Touches something allocated, or more than one allocation.
    case rangeConflicts
    /// A page of the range is not committed.
    case notCommitted
    /// Address space is used up, or the kernel will not keep another mapping.
    case outOfAddressSpace
    /// The commit limit is reached (behaviour 2.9).
    case commitLimitReached
    /// A mapping that is not ours and that freeing is not for: a file, or a program image.
    case foreignView
    /// The kernel forbids it to this process.
    case accessDenied
    /// Memory outside our allocations cannot do this.
    case notSupported
    /// A page of the range is inaccessible, or an out-pointer is (ERROR_NOACCESS).
    case noAccess
    /// The kernel will not keep more pages in RAM.
    case workingSetQuotaReached
    /// A page of the range is not locked.
    case notLocked
    /// An armed guard page was met; it is disarmed now (behaviour 8.31).
    case guardPageHit
    /// MEM_RESET_UNDO: the kernel has taken at least one page.
    case contentsLost
    /// Not a process handle of ours.
    case invalidHandle
    /// The process has no right to lock memory, which large pages need.
    case privilegeNotHeld
    /// A buffer has the wrong length for what is to go in.
    case lengthMismatch
    /// A signal handler asked for pages that the call it interrupted is changing.
    case operationInProgress
}

// The system's texts of the error codes that this library returns, and of others that programs often ask for.

import CWin32

enum SystemMessages {
    /// The text of `code`, without the line end that FormatMessage puts behind it.
    static func text(of code: DWORD) -> StaticString? {
        if code == STATUS_GUARD_PAGE_VIOLATION { return "Guard Page Exception" }
        switch Int32(truncatingIfNeeded: code) {
        case ERROR_SUCCESS: return "The operation completed successfully."
        case ERROR_FILE_NOT_FOUND: return "The system cannot find the file specified."
        case ERROR_ACCESS_DENIED: return "Access is denied."
        case ERROR_INVALID_HANDLE: return "The handle is invalid."
        case ERROR_NOT_ENOUGH_MEMORY:
            return "Not enough memory resources are available to process this command."
        case ERROR_OUTOFMEMORY:
            return "Not enough memory resources are available to complete this operation."
        case ERROR_BAD_LENGTH:
            return "The program issued a command but the command length is incorrect."
        case ERROR_GEN_FAILURE: return "A device attached to the system is not functioning."
        case ERROR_NOT_SUPPORTED: return "The request is not supported."
        case ERROR_INVALID_PARAMETER: return "The parameter is incorrect."
        case ERROR_DISK_FULL: return "There is not enough space on the disk."
        case ERROR_INSUFFICIENT_BUFFER: return "The data area passed to a system call is too small."
        case ERROR_MOD_NOT_FOUND: return "The specified module could not be found."
        case ERROR_PROC_NOT_FOUND: return "The specified procedure could not be found."
        case ERROR_NOT_LOCKED: return "The segment is already unlocked."
        case ERROR_BUSY: return "The requested resource is in use."
        case ERROR_INVALID_ORDINAL: return "The operating system cannot run %1."
        case ERROR_ALREADY_EXISTS: return "Cannot create a file when that file already exists."
        case ERROR_ENVVAR_NOT_FOUND:
            return "The system could not find the environment option that was entered."
        case ERROR_MORE_DATA: return "More data is available."
        case WAIT_TIMEOUT: return "The wait operation timed out."
        case ERROR_NO_MORE_ITEMS: return "No more data is available."
        case ERROR_PARTIAL_COPY:
            return "Only part of a ReadProcessMemory or WriteProcessMemory request was completed."
        case ERROR_MR_MID_NOT_FOUND:
            return
                "The system cannot find message text for message number 0x%1 in the message file for %2."
        case ERROR_INVALID_ADDRESS: return "Attempt to access invalid address."
        case ERROR_NOACCESS: return "Invalid access to memory location."
        case ERROR_INVALID_FLAGS: return "Invalid flags."
        case ERROR_NO_UNICODE_TRANSLATION:
            return
                "No mapping for the Unicode character exists in the target multi-byte code page."
        case ERROR_MAPPED_ALIGNMENT:
            return
                "The base address or the file offset specified does not have the proper alignment."
        case ERROR_NOT_ALL_ASSIGNED:
            return "Not all privileges or groups referenced are assigned to the caller."
        case ERROR_NO_SUCH_PRIVILEGE: return "A specified privilege does not exist."
        case ERROR_PRIVILEGE_NOT_HELD: return "A required privilege is not held by the client."
        case ERROR_NO_SYSTEM_RESOURCES:
            return "Insufficient system resources exist to complete the requested service."
        case ERROR_WORKING_SET_QUOTA:
            return "Insufficient quota to complete the requested service."
        case ERROR_PAGEFILE_QUOTA:
            return "Insufficient quota to complete the requested service."
        case ERROR_COMMITMENT_LIMIT:
            return "The paging file is too small for this operation to complete."
        case ERROR_TIMEOUT:
            return "This operation returned because the timeout period expired."
        default: return nil
        }
    }
}

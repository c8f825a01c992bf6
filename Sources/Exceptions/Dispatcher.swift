// Who is asked about an exception, in which order: vectored handlers, the frames of __try, the
// top-level filter; and, once somebody wants to go on, the continue handlers.
//
// Any of them may call the library, fault again (then this runs again, from the beginning), or leave
// by a jump and never come back. So nothing is held here that would have to be given back.

import CWin32
import LinuxKernel

/// How an exception ended.
enum Disposition {
    /// Go on with the registers of the context.
    case continueExecution
    /// End the process without further ado: the program's own filter has seen to it.
    case terminate
    /// Nobody wanted it.
    case unhandled
}

private typealias Handler = @convention(c) (UnsafeMutablePointer<EXCEPTION_POINTERS>?) -> LONG

enum Dispatcher {
    /// Offers `exception` to everybody.
    ///
    /// - Returns: Unless a handler or a frame takes the thread elsewhere.
    static func dispatch(_ exception: Exception) -> Disposition {
        if vectoredHandlersContinue(exception) { return goOn(exception) }
        if unsafe TryFrames.offer(exception.pointers, exception.machine) { return goOn(exception) }
        switch TopLevelFilter.answer(to: exception) {
        case .continueExecution: return goOn(exception)
        case .executeHandler: return .terminate
        case .continueSearch: return .unhandled
        }
    }

    private static func vectoredHandlersContinue(_ exception: Exception) -> Bool {
        var position = Int64.min
        while let entry = HandlerList.next(.exception, after: position) {
            position = entry.position
            if call(entry, exception) == LONG(EXCEPTION_CONTINUE_EXECUTION) { return true }
        }
        return false
    }

    private static func goOn(_ exception: Exception) -> Disposition {
        if !exception.isContinuable { return refuseToGoOn(exception) }
        var position = Int64.min
        while let entry = HandlerList.next(.continue, after: position) {
            position = entry.position
            if call(entry, exception) == LONG(EXCEPTION_CONTINUE_EXECUTION) { break }
        }
        return .continueExecution
    }

    /// Going on after a non-continuable exception is an exception itself (behaviour 8.24); going on
    /// after that one ends the process.
    private static func refuseToGoOn(_ exception: Exception) -> Disposition {
        if exception.code == .noncontinuable { return .unhandled }
        var record = unsafe EXCEPTION_RECORD()
        unsafe record.ExceptionCode = ExceptionCode.noncontinuable.rawValue
        unsafe record.ExceptionFlags = DWORD(EXCEPTION_NONCONTINUABLE)
        unsafe record.ExceptionRecord = unsafe exception.record
        unsafe record.ExceptionAddress = unsafe exception.record.pointee.ExceptionAddress
        return unsafe withUnsafeMutablePointer(to: &record) { record in
            var pointers = unsafe EXCEPTION_POINTERS(
                ExceptionRecord: record, ContextRecord: exception.context)
            return unsafe withUnsafeMutablePointer(to: &pointers) {
                unsafe dispatch(Exception($0, machine: exception.machine))
            }
        }
    }

    private static func call(_ entry: HandlerList.Entry, _ exception: Exception) -> LONG {
        let handler = unsafe unsafeBitCast(UInt(entry.function), to: Handler.self)
        return unsafe handler(exception.pointers)
    }
}

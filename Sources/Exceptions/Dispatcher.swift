// Offers an exception to handlers in this order: vectored handlers, the frames of __try, the top-level
// filter. When one of them wants execution to continue, the continue handlers are called.
//
// Each of them may call the library, fault again (then the dispatch runs again, from the beginning), or leave
// by a jump and never return. So the dispatcher holds nothing that it would have to give back.

import CWin32
import LinuxKernel

/// How an exception ended.
enum Disposition {
    /// Continue with the registers of the context.
    case continueExecution
    /// End the process at once, without a report: the program's own filter has handled the exception.
    case terminate
    /// No handler took it.
    case unhandled
}

private typealias Handler = @convention(c) (UnsafeMutablePointer<EXCEPTION_POINTERS>?) -> LONG

enum Dispatcher {
    /// Offers `exception` to all handlers.
    ///
    /// - Returns: Returns only if no handler or frame continues the thread elsewhere.
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

    /// To continue after a non-continuable exception raises another exception (behaviour 8.24). To continue
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

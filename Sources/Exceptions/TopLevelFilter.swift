// The filter of SetUnhandledExceptionFilter, and the error mode.

import CWin32
import Synchronization

/// The answer of a filter (behaviour 8.26).
package enum FilterAnswer {
    case executeHandler
    case continueSearch
    case continueExecution

    init(_ value: LONG) {
        self = value > 0 ? .executeHandler : value < 0 ? .continueExecution : .continueSearch
    }
}

package enum TopLevelFilter {
    private typealias Filter = @convention(c) (UnsafeMutablePointer<EXCEPTION_POINTERS>?) -> LONG

    /// Sets the filter; zero removes it.
    ///
    /// - Returns: The filter before, or zero.
    package static func set(_ filter: UInt) -> UInt {
        UInt(
            unsafe ExceptionStorage.topLevelFilter.pointee.exchange(
                UInt64(filter), ordering: .acquiringAndReleasing))
    }

    static func answer(to exception: Exception) -> FilterAnswer {
        unsafe answer(to: exception.pointers)
    }

    /// Calls the filter. Without a filter the answer is `.continueSearch`.
    package static func answer(
        to exception: UnsafeMutablePointer<EXCEPTION_POINTERS>?
    ) -> FilterAnswer {
        let address = unsafe ExceptionStorage.topLevelFilter.pointee.load(ordering: .acquiring)
        if address == 0 { return .continueSearch }
        let filter = unsafe unsafeBitCast(UInt(address), to: Filter.self)
        return FilterAnswer(unsafe filter(exception))
    }
}

/// The flags of SetErrorMode.
package enum ErrorMode {
    private static let noFaultReport = UInt64(SEM_NOGPFAULTERRORBOX)
    private static let noAlignmentFaults = UInt64(SEM_NOALIGNMENTFAULTEXCEPT)

    package static var flags: UInt32 {
        UInt32(
            truncatingIfNeeded: unsafe ExceptionStorage.errorMode.pointee.load(
                ordering: .relaxed))
    }

    /// True unless SEM_NOGPFAULTERRORBOX is set.
    static var wantsReport: Bool { UInt64(flags) & noFaultReport == 0 }

    /// Sets the flags. SEM_NOALIGNMENTFAULTEXCEPT, once set, stays (Learn, SetErrorMode, Remarks).
    ///
    /// - Returns: The previous flags.
    package static func set(_ flags: UInt32) -> UInt32 {
        let kept = UInt64(ErrorMode.flags) & noAlignmentFaults
        return UInt32(
            truncatingIfNeeded: unsafe ExceptionStorage.errorMode.pointee.exchange(
                UInt64(flags) | kept, ordering: .relaxed))
    }
}

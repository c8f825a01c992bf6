// The one line on standard error about an exception that ends the process.

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

package enum CrashReport {
    /// Prints what happened, unless SetErrorMode(SEM_NOGPFAULTERRORBOX) silenced it.
    @_optimize(size)
    static func print(_ exception: Exception) {
        if !ErrorMode.wantsReport { return }
        var line = ReportLine()
        line.append("libwin32memory: unhandled exception ")
        line.append(hexadecimal: UInt(exception.code.rawValue))
        line.append(exception.code.description)
        if let access = exception.access {
            line.append(access.kind.description)
            if access.address == .max {
                line.append("an address that no pointer can hold")
            } else {
                line.append(hexadecimal: access.address)
                line.append(" (")
                describe(access.address, in: &line)
                line.append(")")
            }
        }
        line.append(", instruction at ")
        line.append(hexadecimal: exception.instruction)
        describePlaces(of: exception, in: &line)
        line.finish()
    }

    /// Appends the place of the instruction, and of the functions that called it.
    private static func describePlaces(of exception: Exception, in line: inout ReportLine) {
        var place = ReportLine()
        if place.append(place: exception.instruction) {
            line.append(" (")
            line.append(place)
            line.append(")")
        }
        var callers = InlineArray<16, UInt>(repeating: 0)
        let count = unsafe withUnsafeMutableBytes(of: &callers) { words in
            unsafe MachineContext.findCallers(
                of: exception.context, words.assumingMemoryBound(to: UInt.self))
        }
        for index in 0..<count {
            var caller = ReportLine()
            if !caller.append(place: callers[index]) { return }
            line.append(index == 0 ? ", called from " : ", ")
            line.append(caller)
        }
    }

    @_optimize(size)
    package static func print(of exception: UnsafeMutablePointer<EXCEPTION_POINTERS>?) {
        if let exception = unsafe exception { print(unsafe Exception(exception)) }
    }

    /// Appends what the library knows of the address.
    @_optimize(size)
    private static func describe(_ address: UInt, in line: inout ReportLine) {
        let page = Page.index(of: address)
        if page >= Page.endOfMap { return line.append("not ours") }
        let state = MemoryManager.shared.state(of: page)
        let event = MemoryManager.shared.map.history.lastEvent(at: address)
        if state.isCommitted {
            line.append(state.guardState == .armed ? "guard page" : "committed")
            return line.append(state.access.description)
        }
        switch event?.kind {
        case .release where state.isFree: describe(releasedBlock: event!.range, in: &line)
        case .decommit where state.isReserved: line.append("decommitted")
        case .reserve where state.isReserved: line.append("reserved, never committed")
        default: line.append(state.isReserved ? "reserved, not committed" : "not ours")
        }
    }

    private static func describe(releasedBlock range: PageRange, in line: inout ReportLine) {
        line.append("released block ")
        line.append(hexadecimal: range.base)
        line.append(" of ")
        line.append(decimal: range.byteCount &>> 10)
        line.append(" KiB")
    }
}

extension AccessKind {
    fileprivate var description: StaticString {
        switch self {
        case .read: ": read of "
        case .write: ": write to "
        case .execute: ": execution of "
        }
    }
}

extension Protection {
    fileprivate var description: StaticString {
        switch self {
        case .noAccess: ", no access"
        case .readOnly: ", read-only"
        case .readWrite: ", read-write"
        case .writeCopy: ", copy-on-write"
        case .execute: ", execute"
        case .executeRead: ", execute-read"
        case .executeReadWrite: ", execute-read-write"
        case .executeWriteCopy: ", execute, copy-on-write"
        }
    }
}

extension ExceptionCode {
    fileprivate var description: StaticString {
        switch self {
        case .guardPage: " (guard page)"
        case .misalignment: " (data type misalignment)"
        case .breakpoint: " (breakpoint)"
        case .singleStep: " (single step)"
        case .accessViolation: " (access violation)"
        case .inPageError: " (in-page error)"
        case .illegalInstruction: " (illegal instruction)"
        case .noncontinuable: " (continued after a non-continuable exception)"
        case .privilegedInstruction: " (privileged instruction)"
        case .failFast: " (ended at once)"
        case .assertion: " (assertion failure)"
        case .stackOverflow: " (stack overflow)"
        default: isArithmetic ? " (arithmetic)" : ""
        }
    }
}

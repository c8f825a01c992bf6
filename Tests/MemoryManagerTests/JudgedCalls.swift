// System calls of a test's thread, refused or interrupted at will.

import CTestSupport
import Glibc

/// A call that is about to be made.
@safe struct JudgedCall {
    enum Verdict {
        case make
        case refuse
        /// The judge has made it, and it succeeded.
        case made
    }

    private let call: judged_call

    fileprivate init(_ call: judged_call) { unsafe self.call = unsafe call }

    var number: Int { unsafe call.number }
    var address: UInt { unsafe call.arguments.0 }
    var byteCount: UInt { unsafe call.arguments.1 }
    /// What mprotect is to allow; or the advice of madvise.
    var argument: Int32 { Int32(truncatingIfNeeded: unsafe call.arguments.2) }

    /// A call that may need a mapping, or join some.
    var changesMappings: Bool {
        number == Int(SYS_mprotect) || number == Int(SYS_mmap) || number == Int(SYS_munmap)
    }

    /// A mapping of 1 MiB or more, anywhere.
    var asksForArena: Bool { number == Int(SYS_mmap) && address == 0 && byteCount >= 1 << 20 }

    func isAt(_ start: UInt, _ end: UInt) -> Bool { address < end && address + byteCount > start }

    /// Makes it now.
    func make() -> Verdict {
        unsafe withUnsafePointer(to: call) { unsafe make_judged_call($0) } < 0 ? .refuse : .made
    }
}

/// The judge of one thread. It must not allocate memory: the call may be that of malloc.
private final class Judge {
    let verdict: (JudgedCall) -> JudgedCall.Verdict
    init(_ verdict: @escaping (JudgedCall) -> JudgedCall.Verdict) { self.verdict = verdict }
}

enum JudgedCalls {
    /// Whether this system can do it.
    static let areAvailable: Bool = {
        guard unsafe begin_judging({ _, _ in CALL_IS_TO_BE_MADE }, nil) != 0 else {
            return false
        }
        end_judging()
        return true
    }()

    /// Does `work`; asks `verdict` before each system call that changes memory. Refused calls fail for
    /// want of room.
    static func with<Result>(
        _ verdict: @escaping (JudgedCall) -> JudgedCall.Verdict, _ work: () throws -> Result
    ) rethrows -> Result {
        let judge = Judge(verdict)
        let context = unsafe Unmanaged.passUnretained(judge).toOpaque()
        let isOn = unsafe begin_judging(
            { context, call in
                let judge = unsafe Unmanaged<Judge>.fromOpaque(context!).takeUnretainedValue()
                switch unsafe judge.verdict(JudgedCall(call!.pointee)) {
                case .make: return CALL_IS_TO_BE_MADE
                case .made: return CALL_WAS_MADE
                case .refuse: return ENOMEM
                }
            }, context)
        precondition(isOn != 0, "not on this system")
        defer {
            end_judging()
            withExtendedLifetime(judge) {}
        }
        return try work()
    }
}

// An access violation, looked at with the address map in hand: is it a guard page, a stack that ran
// out, or something that has been put right meanwhile?

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

enum PageFault {
    /// Finds out what an access violation really is, writes that into the record, and consumes a
    /// guard.
    ///
    /// - Returns: False if the instruction needs only to be run again: another thread has consumed
    ///   the guard, or committed the page, between the fault and now; or the page was only passing
    ///   through a state that does not allow the access.
    static func needsDispatch(_ exception: Exception) -> Bool {
        guard let access = ownAccess(of: exception) else { return true }
        let page = Page.index(of: access.address)
        let state = classify(exception, access)
        if !state.isCommitted { return true }
        if state.guardState == .armed {
            return consumeGuard(of: page, exception)
                && !StackOverflow.growsStack(at: page, access, exception)
        }
        return !allows(state.access, access.kind) || isRefused(access, at: page)
    }

    /// Whether the kernel refuses an access that the map allows: somebody may have protected the page
    /// behind our back, and then running the instruction again would go on for ever.
    private static func isRefused(_ access: MemoryAccess, at page: UInt) -> Bool {
        if kernelAllows(access) { return false }
        // Unless another thread has just begun to change it.
        do throws(MemoryError) {
            let (state, isAllowed) = try MemoryManager.shared.undisturbed(page) {
                kernelAllows(access)
            }
            return state.isCommitted && state.guardState == .off
                && allows(state.access, access.kind) && !isAllowed
        } catch {
            return false
        }
    }

    /// As `needsDispatch`, of a fault that has been dispatched in vain; changes only the record.
    static func classify(_ exception: Exception) {
        if let access = ownAccess(of: exception) { _ = classify(exception, access) }
    }

    private static func ownAccess(of exception: Exception) -> MemoryAccess? {
        guard exception.code == .accessViolation, let access = exception.access,
            Page.index(of: access.address) < Page.endOfMap
        else { return nil }
        return access
    }

    private static func classify(_ exception: Exception, _ access: MemoryAccess) -> PageState {
        let state = MemoryManager.shared.settledState(of: Page.index(of: access.address))
        if state.isCommitted && state.guardState == .armed {
            become(.guardPage, exception)
        } else if StackOverflow.isCause(of: access, exception) {
            become(.stackOverflow, exception)
        }
        return state
    }

    /// Arms a guard again that nobody wanted to hear of: else the instruction, run again to end the
    /// process, would succeed.
    static func armAgain(_ exception: Exception) {
        guard exception.code == .guardPage, let access = exception.access else { return }
        let page = Page.index(of: access.address)
        let memory = MemoryManager.shared
        do throws(MemoryError) {
            _ = try memory.protect(
                PageRange(from: page, to: page &+ 1), memory.state(of: page).access, .armed)
        } catch {
            // The page has gone, and the instruction will fault for that.
        }
    }

    private static func consumeGuard(of page: UInt, _ exception: Exception) -> Bool {
        do throws(MemoryError) {
            if try !MemoryManager.shared.disarmGuard(at: page) { return false }
        } catch {
            // The kernel cannot open the page: that is not the program's doing, and there is a code
            // for memory that cannot be supplied.
            become(.inPageError, exception)
            unsafe exception.record.pointee.NumberParameters = 3
            unsafe exception.record.pointee.ExceptionInformation.2 = ULONG_PTR(STATUS_NO_MEMORY)
        }
        return true
    }

    private static func become(_ code: ExceptionCode, _ exception: Exception) {
        unsafe exception.record.pointee.ExceptionCode = code.rawValue
    }

    private static func allows(_ protection: Protection, _ kind: AccessKind) -> Bool {
        switch kind {
        case .read: protection != .noAccess
        case .write: protection == .readWrite || protection == .executeReadWrite
        case .execute: protection.allowsExecution
        }
    }

    /// Asks the kernel.
    private static func kernelAllows(_ access: MemoryAccess) -> Bool {
        switch access.kind {
        case .read: SafeAccess.canRead(access.address, 1)
        case .write: SafeAccess.canWrite(access.address, 1)
        case .execute:
            ForeignMappings.first(atOrAfter: access.address)?.isExecutable == true
                && SafeAccess.canRead(access.address, 1)
        }
    }
}

// Classifies an access violation by the address map: a guard page, a stack overflow, or a fault whose cause
// is gone by now.

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

enum PageFault {
    /// Classifies an access violation, writes the result into the record, and disarms a guard page.
    ///
    /// - Returns: False if the instruction only needs to run again: another thread has disarmed the guard or
    ///   committed the page since the fault, or the page was in a passing state that did not allow the
    ///   access.
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

    /// Whether the kernel refuses an access that the map allows. The program may have called mprotect on the
    /// page; then the instruction would fault again for ever.
    private static func isRefused(_ access: MemoryAccess, at page: UInt) -> Bool {
        if kernelAllows(access) { return false }
        // Another thread may have just begun to change the page, so the page is checked again under a claim.
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

    /// Same as `needsDispatch`, for a fault that no handler took; changes only the record.
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

    /// Arms a guard again whose exception no handler took. Otherwise the instruction, which runs again to end
    /// the process, would succeed.
    static func armAgain(_ exception: Exception) {
        guard exception.code == .guardPage, let access = exception.access else { return }
        let page = Page.index(of: access.address)
        let memory = MemoryManager.shared
        do throws(MemoryError) {
            _ = try memory.protect(
                PageRange(from: page, to: page &+ 1), memory.state(of: page).access, .armed)
        } catch {
            // The page is no longer committed, so the instruction will fault anyway.
        }
    }

    private static func consumeGuard(of page: UInt, _ exception: Exception) -> Bool {
        do throws(MemoryError) {
            if try !MemoryManager.shared.disarmGuard(at: page) { return false }
        } catch {
            // The kernel cannot make the page accessible. That is no fault of the program; in-page error is
            // the code for memory that cannot be supplied.
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

    /// Whether the kernel allows the access.
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

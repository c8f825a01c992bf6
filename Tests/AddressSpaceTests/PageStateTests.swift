// The state of one page in five bits.

import AddressSpace
import Testing

@Suite("Page states")
struct PageStateTests {
    /// PAGE_NOACCESS and PAGE_GUARD exclude each other (behaviour 3.15).
    static let guarded = ProtectionTests.ofPrivateMemory.filter { $0 != .noAccess }
    static let committedStates =
        ProtectionTests.ofPrivateMemory.map { PageState.committed($0) }
        + guarded.map { PageState.committed($0, .armed) } + [.offered]

    @Test("fresh storage reads as free")
    func zeroIsFree() { #expect(PageState(rawValue: 0) == .unowned) }

    @Test("a page is free, reserved or committed, and only one of these")
    func exclusive() {
        let committed = PageStateTests.committedStates
        for state in [.unowned, .available, .reserved, .placeholder] + committed
            + committed.map(\.locked)
        {
            let kinds = [state.isFree, state.isReserved, state.isCommitted].filter { $0 }
            #expect(kinds.count == 1, "\(state)")
        }
    }

    @Test(
        "a committed state stores its protection and its guard",
        arguments: ProtectionTests.ofPrivateMemory)
    func committed(protection: Protection) {
        for guardState in protection == .noAccess ? [.off] : [Guard.off, .armed] {
            let state = PageState.committed(protection, guardState)
            #expect(state.isCommitted)
            #expect(state.access == protection)
            #expect(state.guardState == guardState)
            #expect(state.locked.access == protection)
            #expect(state.locked.guardState == guardState)
        }
    }

    @Test("every state fits five bits, and no two are the same")
    func size() {
        let committed = PageStateTests.committedStates
        let all =
            [.unowned, .available, .reserved, .placeholder] + committed + committed.map(\.locked)
        #expect(all.allSatisfy { $0.rawValue < 32 })
        #expect(Set(all.map(\.rawValue)).count == all.count)
    }

    // Source: behaviour 8.1 to 8.3.
    @Test(
        "an armed guard page allows nothing until it is disarmed", arguments: guarded)
    func enforced(protection: Protection) {
        let armed = PageState.committed(protection, .armed)
        #expect(armed.enforced == .noAccess)
        #expect(armed.disarmed == .committed(protection))
        #expect(armed.disarmed.enforced == protection)
    }

    // Source: behaviour 12.2.
    @Test("a state that is locked twice is the same as one locked once")
    func locking() {
        let state = PageState.committed(.readOnly, .armed)
        #expect(state.locked.isLocked)
        #expect(state.locked.locked == state.locked)
        #expect(state.locked.unlocked == state)
        #expect(!state.unlocked.isLocked)
    }

    // Source: behaviour 6.5.
    @Test("states look alike if and only if they differ at most in the lock")
    func looksLike() {
        let state = PageState.committed(.readWrite)
        #expect(state.looksLike(state.locked))
        #expect(!state.looksLike(.committed(.readWrite, .armed)))
        #expect(!state.looksLike(.committed(.readOnly)))
        #expect(!state.looksLike(.reserved))
        #expect(!PageState.unowned.looksLike(.available))
    }

    // Source: behaviour 7.15.
    @Test("an offered page is committed and allows nothing, and is no guard page")
    func offered() {
        #expect(PageState.offered.isCommitted)
        #expect(PageState.offered.access == .noAccess)
        #expect(PageState.offered.enforced == .noAccess)
        #expect(PageState.offered.guardState == .off)
        #expect(PageState.offered.unlocked == .offered)
        #expect(PageState.offered != .committed(.noAccess))
    }
}

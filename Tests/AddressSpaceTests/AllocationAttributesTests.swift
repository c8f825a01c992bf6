// What is stored once for each allocation.

import Testing

@testable import AddressSpace

private let placements: [Placement] = [.arena, .ownMapping]
private let kinds: [AllocationKind] = [
    .privateMemory, .view, .image, .placeholder, .physicalWindow, .copyOnWriteView,
]

@Suite("Allocation attributes")
struct AllocationAttributesTests {
    // Source: behaviour 3.19 to 3.21.
    @Test(
        "the initial protection is kept with all its modifiers", arguments: ProtectionTests.all,
        [Caching.normal, .uncached, .writeCombined])
    func initialProtection(access: Protection, caching: Caching) {
        for guardState in [Guard.off, .armed] {
            let protection = PageProtection(access, guardState: guardState, caching: caching)
            for placement in placements {
                let attributes = AllocationAttributes(
                    initialProtection: protection, placement: placement)
                #expect(attributes.initialProtection == protection)
                #expect(attributes.placement == placement)
                #expect(attributes.kind == .privateMemory)
                #expect(AllocationAttributes(rawValue: attributes.rawValue) == attributes)
                #expect(!attributes.wasCommittedAtOnce && !attributes.wasReset)
                let later = attributes.committedAtOnce.afterReset
                #expect(later.wasCommittedAtOnce && later.wasReset)
                #expect(later.initialProtection == protection)
                #expect(later.placement == placement)
            }
        }
    }

    @Test("the kind is stored without changing the other attributes", arguments: kinds)
    func kind(kind: AllocationKind) {
        let protection = PageProtection(.executeRead, guardState: .armed, caching: .writeCombined)
        for placement in placements {
            let attributes = AllocationAttributes(
                initialProtection: protection, placement: placement, kind: kind
            ).afterReset.committedAtOnce
            #expect(attributes.kind == kind)
            #expect(attributes.placement == placement)
            #expect(attributes.initialProtection == protection)
            #expect(attributes.inArena.placement == .arena)
            #expect(attributes.inArena.kind == kind)
        }
    }

    // Source: behaviour 10.15, 10.16, 10.20.
    @Test("what replaces a placeholder says so, and what becomes one does not")
    func replacing() {
        for placement in placements {
            let memory = AllocationAttributes(
                initialProtection: PageProtection(.readOnly), placement: placement)
            let placeholder = memory.afterReset.asPlaceholder
            #expect(placeholder.kind == .placeholder && placeholder.placement == placement)
            #expect(placeholder.initialProtection == PageProtection(.noAccess))
            #expect(!placeholder.hasReplacedPlaceholder && !placeholder.wasReset)
            let protection = PageProtection(.executeRead, guardState: .armed)
            let replacing = placeholder.replaced(by: protection)
            #expect(replacing.kind == .privateMemory && replacing.placement == placement)
            #expect(replacing.initialProtection == protection)
            #expect(replacing.hasReplacedPlaceholder && !memory.hasReplacedPlaceholder)
            #expect(replacing.inArena.afterReset.hasReplacedPlaceholder)
        }
    }

    @Test("exactly private memory in an arena that was never reset is plain")
    func plain() {
        for placement in placements {
            for kind in kinds {
                let attributes = AllocationAttributes(
                    initialProtection: PageProtection(.readWrite), placement: placement, kind: kind)
                let isPlain = placement == .arena && kind == .privateMemory
                #expect(attributes.isPlain == isPlain)
                #expect(attributes.committedAtOnce.isPlain == isPlain)
                #expect(!attributes.afterReset.isPlain)
            }
        }
    }

    // Source: behaviour 5.15, 11.29. So far no allocation is a view.
    @Test("pages that may be written are WRITECOPY where writes are copied, else what was stored")
    func protectionByKind() {
        for access in ProtectionTests.all where !access.isCopyOnWrite {
            for kind in kinds {
                let copies = kind == .image || kind == .copyOnWriteView
                let expected: Protection =
                    !copies
                    ? access
                    : access == .readWrite
                        ? .writeCopy : access == .executeReadWrite ? .executeWriteCopy : access
                #expect(kind.protection(storedAs: access) == expected)
            }
        }
    }

    // Source: behaviour 3.20, 5.5.
    @Test(
        "a committed page has its own access and guard, and the caching of its allocation",
        arguments: [Guard.off, .armed], [Caching.normal, .uncached, .writeCombined])
    func protectionOfState(guardState: Guard, caching: Caching) {
        let initial = PageProtection(.noAccess, guardState: .off, caching: caching)
        let attributes = AllocationAttributes(initialProtection: initial, placement: .arena)
        let expected = PageProtection(.executeRead, guardState: guardState, caching: caching)
        #expect(attributes.protection(of: .committed(.executeRead, guardState)) == expected)
        #expect(attributes.protection(of: .committed(.executeRead, guardState).locked) == expected)
    }
}

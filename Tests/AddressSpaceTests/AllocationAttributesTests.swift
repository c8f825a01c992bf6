// What is stored once for each allocation.

import Testing

@testable import AddressSpace

private let placements: [Placement] = [.arena, .ownMapping]
private let kinds: [AllocationKind] = [
    .privateMemory, .view, .image, .placeholder, .physicalWindow,
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
}

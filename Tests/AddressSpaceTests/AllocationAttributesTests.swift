// What is stored once for each allocation.

import AddressSpace
import Testing

@Suite("Allocation attributes")
struct AllocationAttributesTests {
    // Source: behaviour 3.19 to 3.21.
    @Test(
        "the initial protection is kept with all its modifiers", arguments: ProtectionTests.all,
        [Caching.normal, .uncached, .writeCombined])
    func initialProtection(access: Protection, caching: Caching) {
        for guardState in [Guard.off, .armed] {
            let protection = PageProtection(access, guardState: guardState, caching: caching)
            for placement in [Placement.arena, .ownMapping] {
                let attributes = AllocationAttributes(
                    initialProtection: protection, placement: placement)
                #expect(attributes.initialProtection == protection)
                #expect(attributes.placement == placement)
                #expect(AllocationAttributes(rawValue: attributes.rawValue) == attributes)
                #expect(!attributes.wasCommittedAtOnce && !attributes.wasReset)
                let later = attributes.committedAtOnce.afterReset
                #expect(later.wasCommittedAtOnce && later.wasReset)
                #expect(later.initialProtection == protection)
                #expect(later.placement == placement)
            }
        }
    }
}

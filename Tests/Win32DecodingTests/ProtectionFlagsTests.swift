// PAGE_* words by value (behaviour 3.11 to 3.16).

import AddressSpace
import CWin32
import Testing

@testable import Win32

private let allBases: [(DWORD, Protection)] = [
    (0x01, .noAccess), (0x02, .readOnly), (0x04, .readWrite), (0x08, .writeCopy),
    (0x10, .execute), (0x20, .executeRead), (0x40, .executeReadWrite),
    (0x80, .executeWriteCopy),
]
private let allModifiers: [(DWORD, Guard, Caching)] = [
    (0x100, .armed, .normal), (0x200, .off, .uncached), (0x400, .off, .writeCombined),
]

@Suite("Protection words")
struct ProtectionFlagsTests {
    @Test("a base protection is decoded and encoded", arguments: allBases)
    func base(word: DWORD, access: Protection) {
        #expect(PageProtection(flags: word) == PageProtection(access))
        #expect(PageProtection(access).flags == word)
    }

    @Test(
        "one modifier is allowed with every base except NOACCESS, decoded and encoded",
        arguments: allBases,
        allModifiers)
    func modifier(base: (DWORD, Protection), modifier: (DWORD, Guard, Caching)) {
        let decoded = PageProtection(flags: base.0 | modifier.0)
        if base.1 == .noAccess {
            #expect(decoded == nil)
        } else {
            let expected = PageProtection(base.1, guardState: modifier.1, caching: modifier.2)
            #expect(decoded == expected)
            #expect(expected.flags == base.0 | modifier.0)
        }
    }

    @Test("two modifiers exclude each other", arguments: [0x300, 0x500, 0x600, 0x700] as [DWORD])
    func modifiers(word: DWORD) { #expect(PageProtection(flags: word | 0x04) == nil) }

    @Test("exactly the low bytes with one bit name a protection")
    func lowBytes() {
        for word in DWORD(0)..<256 {
            #expect((PageProtection(flags: word) != nil) == (word.nonzeroBitCount == 1), "\(word)")
        }
    }

    @Test(
        "PAGE_TARGETS_INVALID is allowed with executable protections only, and is not reported",
        arguments: allBases)
    func targets(word: DWORD, access: Protection) {
        let decoded = PageProtection(flags: word | 0x4000_0000)
        #expect(decoded == (word >= 0x10 ? PageProtection(access) : nil))
    }

    @Test("higher bits are malformed", arguments: (11..<32).filter { $0 != 30 })
    func higher(bit: Int) { #expect(PageProtection(flags: 0x20 | 1 << DWORD(bit)) == nil) }

    @Test("a page without access reports no caching")
    func hiddenCaching() {
        #expect(PageProtection(.noAccess, caching: .uncached).flags == 0x01)
    }
}

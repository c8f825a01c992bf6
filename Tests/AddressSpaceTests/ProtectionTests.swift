// What a page allows.

import AddressSpace
import Testing

@Suite("Protections")
struct ProtectionTests {
    static let all: [Protection] = [
        .noAccess, .readOnly, .readWrite, .writeCopy, .execute, .executeRead, .executeReadWrite,
        .executeWriteCopy,
    ]

    /// Those that private memory may have.
    static let ofPrivateMemory = all.filter { !$0.isCopyOnWrite }

    @Test("each protection survives packing into three bits", arguments: all)
    func packing(protection: Protection) {
        #expect(Protection(lowBitsOf: protection.rawValue) == protection)
        #expect(Protection(lowBitsOf: protection.rawValue | 0xF8) == protection)
    }

    @Test("only the four EXECUTE protections allow execution")
    func execution() {
        let executable = ProtectionTests.all.filter(\.allowsExecution)
        #expect(executable == [.execute, .executeRead, .executeReadWrite, .executeWriteCopy])
    }

    @Test("only the two WRITECOPY protections are copy-on-write")
    func copyOnWrite() {
        let copying = ProtectionTests.all.filter(\.isCopyOnWrite)
        #expect(copying == [.writeCopy, .executeWriteCopy])
    }

    @Test(
        "each way of caching survives packing into two bits",
        arguments: [Caching.normal, .uncached, .writeCombined])
    func caching(caching: Caching) {
        #expect(Caching(lowBitsOf: caching.rawValue) == caching)
        #expect(Caching(lowBitsOf: caching.rawValue | 0xFC) == caching)
    }

    @Test("protections with different modifiers are different")
    func modifiers() {
        let plain = PageProtection(.readOnly)
        #expect(plain == PageProtection(.readOnly, guardState: .off, caching: .normal))
        #expect(plain != PageProtection(.readOnly, guardState: .armed))
        #expect(plain != PageProtection(.readOnly, caching: .uncached))
        #expect(plain != PageProtection(.readWrite))
    }
}

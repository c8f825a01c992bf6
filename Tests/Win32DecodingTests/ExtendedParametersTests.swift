// MEM_EXTENDED_PARAMETER arrays by value (behaviour 10.3 to 10.11).

import AddressSpace
import CWin32
import Testing

@testable import Win32

@Suite("Extended parameters")
struct ExtendedParametersTests {
    private enum Kind {
        static let requirements: UInt64 = 1
        static let node: UInt64 = 2
        static let partition: UInt64 = 3
        static let attributes: UInt64 = 5
        static let machine: UInt64 = 6
    }

    /// Decodes parameters, each given as a type and a value.
    private func decode(_ parameters: [(UInt64, UInt64)]) throws
        -> ExtendedParameters
    {
        let words = parameters.flatMap { [$0.0, $0.1] }
        return unsafe try words.withUnsafeBytes { bytes in
            unsafe try ExtendedParameters(
                UnsafeMutablePointer(
                    mutating: bytes.baseAddress?.assumingMemoryBound(
                        to: MEM_EXTENDED_PARAMETER.self)),
                count: ULONG(parameters.count))
        }
    }

    /// Decodes one MEM_ADDRESS_REQUIREMENTS.
    private func decode(_ lowest: UInt, _ highest: UInt, _ alignment: UInt) throws
        -> ExtendedParameters
    {
        unsafe try withUnsafeBytes(of: (lowest, highest, alignment)) { bytes in
            let address = UInt64(UInt(bitPattern: bytes.baseAddress))
            return try decode([(Kind.requirements, address)])
        }
    }

    @Test("zero parameters request nothing, whatever the pointer is")
    func none() throws {
        let parameters = unsafe try ExtendedParameters(nil, count: 0)
        #expect(!parameters.hasAddressRequirements && !parameters.isUnsupported)
        #expect(parameters.node == nil)
    }

    @Test("an array that is missing, or longer than there are types, is malformed")
    func array() {
        #expect(throws: MemoryError.invalidParameter) {
            unsafe try ExtendedParameters(nil, count: 1)
        }
        let many = [(UInt64, UInt64)](repeating: (Kind.attributes, 0), count: 8)
        #expect(throws: MemoryError.invalidParameter) { try decode(many) }
    }

    @Test("an array that cannot be read gives the error noAccess")
    func unreadable() {
        #expect(throws: MemoryError.noAccess) {
            unsafe try ExtendedParameters(UnsafeMutablePointer(bitPattern: 0x10), count: 1)
        }
    }

    @Test("each type must exist and may occur once")
    func types() throws {
        let node = (Kind.node, UInt64(0))
        #expect(try decode([node, (Kind.attributes, 0)]).node == 0)
        #expect(throws: MemoryError.invalidParameter) { try decode([node, node]) }
        for type in [0, 7, 8, 255] as [UInt64] {
            #expect(throws: MemoryError.invalidParameter) { try decode([(type, 0)]) }
        }
    }

    @Test("requirements of zeros request nothing")
    func zero() throws { #expect(try !decode(0, 0, 0).hasAddressRequirements) }

    @Test("an alignment is a power of two and at least one granule")
    func alignment() throws {
        for alignment in [0x10000, 0x20000, 1 << 40] as [UInt] {
            let parameters = try decode(0, 0, alignment)
            #expect(parameters.hasAddressRequirements)
            #expect(parameters.placing.alignment == alignment)
        }
        for alignment in [1, 0x1000, 0x8000, 0x18000, 0x10001] as [UInt] {
            #expect(throws: MemoryError.invalidParameter) { try decode(0, 0, alignment) }
        }
    }

    @Test("the lowest address begins a granule, and the highest ends a page")
    func limits() throws {
        let parameters = try decode(0x1_0000_0000, 0x1_FFFF_FFFF, 0)
        #expect(parameters.placing.lowest == 0x1_0000_0000)
        #expect(parameters.placing.end == 0x2_0000_0000)
        #expect(throws: MemoryError.invalidParameter) { try decode(0x1000, 0, 0) }
        #expect(throws: MemoryError.invalidParameter) { try decode(0, 0x1_0000_0000, 0) }
        #expect(throws: MemoryError.invalidParameter) { try decode(0x20000, 0x1FFFF, 0) }
    }

    @Test("limits outside the application's space are malformed")
    func outside() {
        let end = Page.endOfApplicationSpace
        #expect(throws: MemoryError.invalidParameter) { try decode(end, 0, 0) }
        #expect(throws: MemoryError.invalidParameter) { try decode(0, end + 0xFFF, 0) }
    }

    @Test("a node must exist, or be the number that means no preference")
    func nodes() throws {
        #expect(try decode([(Kind.node, UInt64(UInt32.max))]).node == nil)
        #expect(throws: MemoryError.invalidParameter) { try decode([(Kind.node, 1000)]) }
    }

    @Test("known attributes are ignored, unknown ones are malformed")
    func attributes() throws {
        #expect(try !decode([(Kind.attributes, 1)]).isUnsupported)
        #expect(throws: MemoryError.invalidParameter) { try decode([(Kind.attributes, 1 << 63)]) }
    }

    @Test("an image machine is malformed, and a partition is unsupported")
    func others() throws {
        #expect(throws: MemoryError.invalidParameter) { try decode([(Kind.machine, 0)]) }
        #expect(try decode([(Kind.partition, 0)]).isUnsupported)
    }
}

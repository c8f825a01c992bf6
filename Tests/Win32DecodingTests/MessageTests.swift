// The texts of FormatMessage and the formats of inserts, by value.

import AddressSpace
import CWin32
import Testing

@testable import Win32

@Suite("Messages")
struct MessageTests {
    private func format(_ text: String) throws -> InsertFormat {
        let bytes = Array(text.utf8) + [0]
        return unsafe try bytes.withUnsafeBytes { buffer in
            unsafe try InsertFormat(
                CharacterText(buffer.baseAddress, .one)!, from: 0, to: text.utf8.count)
        }
    }

    private func written(_ text: String) throws -> String {
        let bytes = Array(text.utf8) + [0]
        var result = [UInt8](repeating: 0, count: 200)
        let count = unsafe try result.withUnsafeMutableBytes { target in
            unsafe try bytes.withUnsafeBytes { source in
                var buffer = unsafe CharacterBuffer(target.baseAddress, .one, capacity: 200)
                let characters = unsafe CharacterText(source.baseAddress, .one)!
                try MessageText(characters, count: text.utf8.count, width: .one).write(to: &buffer)
                return buffer.writtenCount
            }
        }
        return String(decoding: result.prefix(count), as: UTF8.self)
    }

    @Test("a format has flags, width, precision, length and type in this order")
    func wholeFormat() throws {
        let format = try format("-+ #08.3I64x")
        #expect(format.isLeftAligned && format.hasSign && format.hasSpaceForSign)
        #expect(format.hasPrefix && format.isPaddedWithZeros)
        guard case .fixed(8) = format.width, case .fixed(3) = format.precision,
            case .double = format.length
        else {
            Issue.record("\(format)")
            return
        }
        #expect(format.type == UInt32(ascii: "x"))
    }

    @Test("a star takes an argument; a point without digits is a precision of zero")
    func sizes() throws {
        guard case .argument = try format("*d").width, case .argument = try format(".*d").precision,
            case .fixed(0) = try format(".d").precision, case .none = try format("d").width
        else {
            Issue.record("sizes")
            return
        }
    }

    @Test("a width above the capacity of a message is malformed")
    func bound() throws {
        guard case .fixed(65536) = try format("99999999999999999999d").width else {
            Issue.record("width")
            return
        }
    }

    @Test(
        "text that is not a printf format is malformed",
        arguments: ["", "8", "-", ".", "q", "dx", "lll", "I6", "d "])
    func malformed(text: String) {
        #expect(throws: FormatError.invalidParameter) { try format(text) }
    }

    @Test("escapes become their characters, and %0 ends the message")
    func escapes() throws {
        #expect(try written("a%nb%rc%td%b%%e%!f") == "a\r\nb\rc\td %e!f")
        #expect(try written("a%0b") == "a")
    }

    @Test("line breaks in the text become CR LF")
    func lineBreaks() throws { #expect(try written("a\nb\r\nc\rd") == "a\r\nb\r\nc\r\nd") }

    @Test("a percent sign at the end, and an insert without a value, are malformed")
    func incomplete() {
        for text in ["a%", "%1", "%9!d!"] {
            #expect(throws: FormatError.invalidParameter) { try written(text) }
        }
    }

    @Test("every refusal of memory has a code, and every code a text")
    func refusals() {
        let errors: [(MemoryError, DWORD)] = [
            (.invalidParameter, 87), (.pastAllocationEnd, 87), (.foreignView, 87),
            (.notAllocated, 487), (.notAtBase, 487), (.rangeConflicts, 487), (.notCommitted, 487),
            (.outOfAddressSpace, 8), (.commitLimitReached, 1455), (.notSupported, 50),
            (.noAccess, 998), (.workingSetQuotaReached, 1453), (.notLocked, 158),
            (.guardPageHit, 0x8000_0001), (.contentsLost, 299), (.operationInProgress, 170),
            (.accessDenied, 5), (.invalidHandle, 6), (.privilegeNotHeld, 1314),
            (.lengthMismatch, 24),
        ]
        for (error, code) in errors {
            #expect(error.code == code, "\(error)")
            #expect(SystemMessages.text(of: code) != nil, "\(code)")
        }
        #expect(SystemMessages.text(of: 0x2000_0000) == nil)
    }
}

// The parts of the line about an unhandled exception.

import Testing

@testable import Exceptions

@Suite("Report line")
struct ReportLineTests {
    private func text(_ build: (inout ReportLine) -> Void) -> String {
        var line = ReportLine()
        build(&line)
        return String(decoding: (0..<line.count).map { line[$0] }, as: UTF8.self)
    }

    @Test(
        "a hexadecimal number has no leading zeros",
        arguments: [
            (0, "0x0"), (9, "0x9"), (10, "0xA"), (0x10, "0x10"), (0xABCDEF, "0xABCDEF"),
            (0x7FFF_FFFE_FFFF, "0x7FFFFFFEFFFF"), (UInt.max, "0xFFFFFFFFFFFFFFFF"),
        ] as [(UInt, String)])
    func hexadecimal(value: UInt, expected: String) {
        #expect(text { $0.append(hexadecimal: value) } == expected)
    }

    @Test(
        "a decimal number has no leading zeros",
        arguments: [
            (0, "0"), (9, "9"), (10, "10"), (1024, "1024"), (9_999_999_999, "9999999999"),
            (1_000_000_000_000_000_000, "1000000000000000000"),
        ] as [(UInt, String)])
    func decimal(value: UInt, expected: String) {
        #expect(text { $0.append(decimal: value) } == expected)
    }

    @Test("texts and numbers are appended in order")
    func pieces() {
        let built = text { line in
            var other = ReportLine()
            other.append("b")
            other.append(decimal: 7)
            line.append("a")
            line.append(other)
            line.append("c")
        }
        #expect(built == "ab7c")
    }

    @Test("a full line takes no more text and keeps its own")
    func full() {
        let built = text { line in
            for _ in 0..<300 { line.append("0123456") }
            line.append(decimal: 99)
        }
        #expect(built.utf8.count == 1000)
        #expect(built.hasPrefix("01234560123456") && built.hasSuffix("45"))
    }

    @Test("an address in a module is written as name and offset; others are not written")
    func places() {
        let function: @convention(c) (Int32) -> Int32 = { $0 }
        let address = UInt(bitPattern: unsafe unsafeBitCast(function, to: UnsafeRawPointer.self))
        var isPlaced = false
        let told = text { isPlaced = $0.append(place: address) }
        #expect(isPlaced)
        #expect(told.contains("+0x") && !told.hasPrefix("+"))
        #expect(text { isPlaced = $0.append(place: 0x10) } == "")
        #expect(!isPlaced)
    }
}

// Lists of numbers in the kernel's text form, such as 0-3,8.

import Testing

@testable import LinuxKernel

@Suite("Lists of numbers")
struct NumberListTests {
    private func ranges(_ text: String, count: Int? = nil) -> [[UInt32]] {
        var bytes = InlineArray<256, UInt8>(repeating: 0)
        for (index, byte) in text.utf8.enumerated() { bytes[index] = byte }
        var found: [[UInt32]] = []
        NumberList.forEachRange(in: bytes, count: count ?? text.utf8.count) {
            found.append([$0, $1])
        }
        return found
    }

    @Test("single numbers and ranges, in the order of the text")
    func mixed() {
        #expect(ranges("0-3,8,10-11\n") == [[0, 3], [8, 8], [10, 11]])
        #expect(ranges("11,2-4") == [[11, 11], [2, 4]])
    }

    @Test("a number needs no line end")
    func noLineEnd() {
        #expect(ranges("0") == [[0, 0]])
        #expect(ranges("12-345") == [[12, 345]])
    }

    @Test("text without a number gives no numbers", arguments: ["", "\n", ",", "-", ",,\n", "-\n"])
    func nothing(text: String) { #expect(ranges(text) == []) }

    @Test("only the bytes that were read count; a failed read gives no numbers")
    func count() {
        #expect(ranges("1,23,4", count: 3) == [[1, 1], [2, 2]])
        #expect(ranges("1,2", count: 0) == [])
        #expect(ranges("1,2", count: -2) == [])
    }

    @Test("a list that fills the buffer is read up to the last byte but one")
    func full() {
        let text = String(repeating: "1,", count: 127) + "23"
        #expect(ranges(text).count == 127)
        #expect(ranges(String(text.dropLast())).last == [2, 2])
    }
}

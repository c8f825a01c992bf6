// Names of system libraries, and decoding of UTF-8, by value.

import Testing

@testable import Win32

@Suite("Names and texts")
struct NamesTests {
    private func isOurs(_ name: String) -> Bool {
        let bytes = Array(name.utf8) + [0]
        return unsafe bytes.withUnsafeBytes { buffer in
            unsafe SystemLibraryName.matches(CharacterText(buffer.baseAddress, .one)!)
        }
    }

    @Test(
        "names of system libraries match in any case, with any path, with or without extension",
        arguments: [
            "kernel32", "KERNEL32.DLL", "KernelBase.dll", "C:\\Windows\\System32\\ntdll.dll",
            "a/b\\psapi", "advapi32.", "bcrypt.dll", "user32.dll",
            "api-ms-win-core-memory-l1-1-0.dll",
            "API-MS-WIN-x",
        ])
    func ours(name: String) { #expect(isOurs(name)) }

    @Test(
        "other names do not match",
        arguments: [
            "", ".dll", "kernel", "kernel32.exe", "kernel32.dll.dll", "xkernel32", "gdi32.dll",
            "kernel32/", "api-ms-win-", "api-ms-win", "kernel32..",
        ])
    func others(name: String) { #expect(!isOurs(name)) }

    /// The scalars of a byte text, each with its length. A malformed part is -1.
    private func scalars(_ bytes: [UInt8]) -> [[Int]] {
        var found: [[Int]] = []
        unsafe bytes.withUnsafeBytes { buffer in
            let text = unsafe CharacterText(buffer.baseAddress, .one)!
            var index = 0
            while index < bytes.count {
                let next = text.scalar(at: index, of: bytes.count)
                found.append([next.isWellFormed ? Int(next.scalar) : -1, next.length])
                index += next.length
            }
        }
        return found
    }

    @Test("UTF-8 of one to four bytes")
    func wellFormed() {
        #expect(
            scalars(Array("aé€😀".utf8)) == [[0x61, 1], [0xE9, 2], [0x20AC, 3], [0x1F600, 4]])
    }

    @Test("each longest incomplete sequence of malformed UTF-8 becomes one U+FFFD")
    func malformed() {
        #expect(scalars([0x80]) == [[-1, 1]])
        #expect(scalars([0xC0, 0x80]) == [[-1, 1], [-1, 1]])
        #expect(scalars([0xE2, 0x82]) == [[-1, 2]])
        #expect(scalars([0xE2, 0x82, 0x41]) == [[-1, 2], [0x41, 1]])
        #expect(scalars([0xED, 0xA0, 0x80]) == [[-1, 1], [-1, 1], [-1, 1]])
        #expect(scalars([0xF4, 0x90, 0x80, 0x80]) == [[-1, 1], [-1, 1], [-1, 1], [-1, 1]])
        #expect(scalars([0xF0, 0x9F, 0x98]) == [[-1, 3]])
    }
}

// Decides which names of DLLs mean this library.

enum SystemLibraryName {
    /// Whether `name` is a DLL of the system: any case, any path, with or without ".dll".
    static func matches(_ name: CharacterText) -> Bool {
        let length = name.length
        var start = 0
        for index in 0..<length where isSeparator(name[index]) {
            start = index &+ 1
        }
        var end = length
        if end &- start > 4 && name.matches(".dll", from: end &- 4, to: end) {
            end &-= 4
        } else if end > start && name[end &- 1] == UInt32(ascii: ".") {
            // A dot at the end means that the name has no extension, not even ".dll".
            end &-= 1
        }
        return isKnown(name, start, end) || isSet(name, start, end)
    }

    private static func isSeparator(_ character: UInt32) -> Bool {
        character == UInt32(ascii: "\\") || character == UInt32(ascii: "/")
    }

    private static func isKnown(_ name: CharacterText, _ start: Int, _ end: Int) -> Bool {
        name.matches("kernel32", from: start, to: end)
            || name.matches("kernelbase", from: start, to: end)
            || name.matches("ntdll", from: start, to: end)
            || name.matches("psapi", from: start, to: end)
            || name.matches("advapi32", from: start, to: end)
            || name.matches("bcrypt", from: start, to: end)
            || name.matches("user32", from: start, to: end)
    }

    /// Names that begin with "api-ms-win-": the API sets, each of which is a part of the DLLs above.
    private static func isSet(_ name: CharacterText, _ start: Int, _ end: Int) -> Bool {
        end &- start > 11 && name.matches("api-ms-win-", from: start, to: start &+ 11)
    }
}

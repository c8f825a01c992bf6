// The environment variables. An invalid value prints one line on standard error, and is otherwise ignored.

import LinuxKernel

enum Environment {
    /// WIN32MEMORY_BACKING: `guarded` or `mapped`.
    static func backing() -> BackingKind? {
        guard let value = unsafe read("WIN32MEMORY_BACKING") else { return nil }
        if unsafe matches(value, "guarded") { return .guarded }
        if unsafe matches(value, "mapped") { return .mapped }
        complain(
            "libwin32memory: WIN32MEMORY_BACKING is neither 'guarded' nor 'mapped'; ignored\n")
        return nil
    }

    /// WIN32MEMORY_COMMIT_LIMIT: bytes, with K, M, G or T for powers of 1024.
    static func commitLimit() -> UInt64? {
        byteCount(
            of: "WIN32MEMORY_COMMIT_LIMIT",
            "libwin32memory: WIN32MEMORY_COMMIT_LIMIT is not a number of bytes such as 512M; ignored\n"
        )
    }

    /// WIN32MEMORY_HUGE_PAGES: `ask`, or `system` (the default).
    static func asksForHugePages() -> Bool {
        guard let value = unsafe read("WIN32MEMORY_HUGE_PAGES") else { return false }
        if unsafe matches(value, "ask") { return true }
        if unsafe matches(value, "system") { return false }
        complain("libwin32memory: WIN32MEMORY_HUGE_PAGES is neither 'ask' nor 'system'; ignored\n")
        return false
    }

    /// WIN32MEMORY_POPULATE: bytes, in the same form as the commit limit.
    static func populatedByteCount() -> UInt64? {
        byteCount(
            of: "WIN32MEMORY_POPULATE",
            "libwin32memory: WIN32MEMORY_POPULATE is not a number of bytes such as 64K; ignored\n")
    }

    /// The number of bytes in variable `name`; prints `complaint` if it is none.
    private static func byteCount(of name: StaticString, _ complaint: StaticString) -> UInt64? {
        guard let value = unsafe read(name) else { return nil }
        if let bytes = unsafe byteCount(value) { return bytes }
        complain(complaint)
        return nil
    }

    private static func read(_ name: StaticString) -> UnsafePointer<CChar>? {
        let name = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
        return unsafe ProcessEnvironment.value(of: name)
    }

    private static func matches(_ value: UnsafePointer<CChar>, _ word: StaticString) -> Bool {
        for index in 0..<word.utf8CodeUnitCount
        where unsafe UInt8(bitPattern: value[index]) != word.utf8Start[index] {
            return false
        }
        return unsafe value[word.utf8CodeUnitCount] == 0
    }

    /// Parses digits and at most one unit. `nil` for anything else, for zero, and above 64 bits.
    private static func byteCount(_ text: UnsafePointer<CChar>) -> UInt64? {
        var value: UInt64 = 0
        var index = 0
        while case let digit = unsafe UInt8(bitPattern: text[index]) &- UInt8(ascii: "0"),
            digit < 10
        {
            let (tenfold, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = tenfold.addingReportingOverflow(UInt64(digit))
            if overflows || carries { return nil }
            value = sum
            index &+= 1
        }
        if index == 0 || value == 0 { return nil }
        var shift: UInt64 = 0
        switch unsafe UInt8(bitPattern: text[index]) {
        case UInt8(ascii: "K"), UInt8(ascii: "k"): shift = 10
        case UInt8(ascii: "M"), UInt8(ascii: "m"): shift = 20
        case UInt8(ascii: "G"), UInt8(ascii: "g"): shift = 30
        case UInt8(ascii: "T"), UInt8(ascii: "t"): shift = 40
        default: break
        }
        if shift > 0 { index &+= 1 }
        if unsafe text[index] != 0 || value > UInt64.max &>> shift { return nil }
        return value &<< shift
    }

    private static func complain(_ line: StaticString) {
        let text = unsafe UnsafeRawPointer(line.utf8Start).assumingMemoryBound(to: CChar.self)
        unsafe StandardError.write(text, byteCount: line.utf8CodeUnitCount)
    }
}

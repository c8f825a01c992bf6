// The values for the inserts of a message, in an array or in a va_list, which is read once from front to
// back.

import LinuxKernel

@safe struct MessageArguments {
    /// Inserts are numbered from 1 to 99.
    static let mostNumbers = 99

    private let array: UnsafePointer<UInt64>?
    private var list = ArgumentList()
    /// The values of the va_list that were read so far, by number.
    private var values = InlineArray<99, UInt64>(repeating: 0)
    /// The highest number that was used so far.
    private var last = 0

    /// The form in which a caller passes them.
    enum Form {
        case array
        case list
    }

    /// - Returns: `nil` for a null pointer.
    init?(_ arguments: UnsafeMutableRawPointer?, _ form: Form) {
        guard let arguments = unsafe arguments else { return nil }
        switch form {
        case .array: unsafe array = UnsafePointer(arguments.assumingMemoryBound(to: UInt64.self))
        case .list:
            unsafe array = nil
            list = unsafe ArgumentList(copying: arguments)
        }
    }

    /// - Throws: `.invalidParameter` if the number is too high.
    mutating func value(number: Int) throws(FormatError) -> UInt64 {
        if number < 1 || number > MessageArguments.mostNumbers { throw .invalidParameter }
        if let array = unsafe array {
            last = max(last, number)
            return unsafe array[number - 1]
        }
        while last < number {
            values[last] = list.next()
            last += 1
        }
        return values[number - 1]
    }

    /// The value after the highest so far: the one to which a second `*` of an insert, or its value, refers.
    mutating func nextValue() throws(FormatError) -> UInt64 { try value(number: last + 1) }

    /// The value after a `*`. In a va_list it has the number of that `*`, so the number of the next insert is
    /// one lower than in an array (Learn, FormatMessage, Arguments).
    mutating func valueBehindStar() throws(FormatError) -> UInt64 {
        if unsafe array == nil { last -= 1 }
        return try nextValue()
    }
}

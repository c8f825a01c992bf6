// Reads the kernel's lists of numbers, such as "0-3,8,10-11".

enum NumberList {
    /// Calls `body` with the first and last number of each range, in the order of the text.
    static func forEachRange(
        in text: InlineArray<256, UInt8>, count: Int, _ body: (UInt32, UInt32) -> Void
    ) {
        var first: UInt32?
        var number: UInt32?
        for index in 0..<256 where index <= count {
            let byte = index < count ? text[index] : UInt8(ascii: "\n")
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                number = (number ?? 0) &* 10 &+ UInt32(byte &- UInt8(ascii: "0"))
            case UInt8(ascii: "-"): (first, number) = (number, nil)
            default:
                if let last = number { body(first ?? last, last) }
                (first, number) = (nil, nil)
            }
        }
    }
}

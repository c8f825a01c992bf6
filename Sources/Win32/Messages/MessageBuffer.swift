// Buffers of FORMAT_MESSAGE_ALLOCATE_BUFFER. Each is a reservation with a signature before the text, by which
// LocalFree recognises it.

import AddressSpace
import CWin32
import MemoryManager

enum MessageBuffer {
    private static let signature: UInt64 = 0x4C4F_4341_4C4D_5347
    private static let headerByteCount: UInt = 16

    /// Allocates room for `message`, or `least` characters if that is more, writes the text, and
    /// stores its address where `slot` points.
    static func allocate(
        for message: Message, least: DWORD, storing slot: UnsafeMutableRawPointer?
    ) throws(FormatError) {
        do throws(MemoryError) {
            unsafe try CallerMemory.requireWritable(slot, byteCount: 8)
        } catch { throw .noAccess }
        let capacity = max(UInt(bitPattern: message.characterCount) &+ 1, UInt(least))
        let byteCount = capacity &* UInt(bitPattern: message.width.rawValue)
        guard let range = PageRange(spanning: 0, byteCount: byteCount &+ headerByteCount) else {
            throw .outOfMemory
        }
        let base: UInt
        do throws(MemoryError) {
            base = try MemoryManager.shared.reserve(
                PlacementRequest(pageCount: range.pageCount), PageProtection(.readWrite), .atOnce)
        } catch { throw .outOfMemory }
        unsafe UnsafeMutablePointer<UInt64>(bitPattern: base)?.pointee = signature
        let text = unsafe UnsafeMutableRawPointer(bitPattern: base &+ headerByteCount)
        try unsafe message.write(to: text, capacity: DWORD(truncatingIfNeeded: capacity))
        unsafe CallerMemory.leave(
            base &+ headerByteCount, at: slot?.assumingMemoryBound(to: UInt.self))
    }

    /// - Throws: `.notAllocated` unless `allocate` gave out `address`.
    static func free(textAt address: UInt) throws(MemoryError) {
        let base = address &- headerByteCount
        if base & (Page.allocationGranularity &- 1) != 0 { throw .notAllocated }
        let region = try MemoryManager.shared.region(at: base)
        guard region.allocationBase == base, region.type == .private,
            region.state == .committed(PageProtection(.readWrite)),
            MemoryManager.shared.isOurs(Page.index(of: base)),
            let header = unsafe UnsafePointer<UInt64>(bitPattern: base),
            unsafe header.pointee == signature
        else { throw .notAllocated }
        try MemoryManager.shared.release(allocationBasedAt: Page.index(of: base))
    }
}

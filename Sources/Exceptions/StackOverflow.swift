// Recognises a fault that means that the running stack has no room left, and moves the guard page of a stack
// in memory of ours (behaviour 8.13, 8.33).

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

enum StackOverflow {
    /// The farthest distance from the stack pointer at which an access counts as one to the stack.
    private static let reach: UInt = 65536

    /// True if the access overflows the running stack: it is below the stack, or the stack pointer itself has
    /// left the stack, with only inaccessible pages in between.
    static func isCause(of access: MemoryAccess, _ exception: Exception) -> Bool {
        let stackPointer = stackPointer(of: exception)
        if access.kind == .execute || !isNear(access.address, stackPointer) { return false }
        let page = Page.index(of: access.address)
        let state = MemoryManager.shared.state(of: page)
        if state.isFree && isBelowForeignStack(access) { return true }
        if state.isCommitted && state.access != .noAccess { return false }
        guard let stack = firstUsablePage(above: page) else { return false }
        // A stray write below the stack is not an overflow while the stack pointer is still inside.
        return stackPointer < Page.address(of: stack) &+ Page.byteCount
    }

    /// Lets a stack grow by its guard page, which it has touched and which is disarmed now, and arms the next
    /// page.
    ///
    /// - Returns: True if the stack has grown, so that there is no exception. False if the page is not the
    ///   guard page of a stack, or if no page is left to arm; in the latter case the exception is a stack
    ///   overflow.
    static func growsStack(at page: UInt, _ access: MemoryAccess, _ exception: Exception) -> Bool {
        let stackPointer = stackPointer(of: exception)
        let isRunning =
            access.kind != .execute && isNear(access.address, stackPointer)
            && BlockStack.isOneBlock(
                stackPointer, Page.address(of: page), Page.address(of: page &+ 1))
        if !isRunning { return false }
        if BlockStack.armGuard(below: Page.address(of: page)) { return true }
        unsafe exception.record.pointee.ExceptionCode = ExceptionCode.stackOverflow.rawValue
        return false
    }

    private static func stackPointer(of exception: Exception) -> UInt {
        unsafe MachineContext.stackPointer(in: exception.context)
    }

    private static func isNear(_ address: UInt, _ stackPointer: UInt) -> Bool {
        address &+ reach >= stackPointer && address <= stackPointer &+ reach
    }

    private static func firstUsablePage(above page: UInt) -> UInt? {
        for candidate in page &+ 1...page &+ reach / Page.byteCount {
            let state = MemoryManager.shared.state(of: candidate)
            if state.isCommitted && state.guardState == .off && state.access == .readWrite {
                return candidate
            }
        }
        return nil
    }

    private static func isBelowForeignStack(_ access: MemoryAccess) -> Bool {
        guard let mapping = ForeignMappings.first(atOrAfter: access.address) else { return false }
        if mapping.isWritable { return mapping.start > access.address }
        guard let stack = ForeignMappings.first(atOrAfter: mapping.end) else { return false }
        return mapping.start <= access.address && !mapping.isReadable
            && stack.start == mapping.end && stack.isWritable
    }
}

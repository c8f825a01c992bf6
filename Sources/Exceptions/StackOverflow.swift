// Whether a fault means that the running stack has no room left, and the guard page by which a stack
// in memory of ours grows (behaviour 8.13, 8.33).

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

enum StackOverflow {
    /// How far from the stack pointer an access is still one to the stack.
    private static let reach: UInt = 65536

    /// True if the access is one too many on the running stack: below it, or the stack pointer itself
    /// has left it, with nothing but inaccessible pages in between.
    static func isCause(of access: MemoryAccess, _ exception: Exception) -> Bool {
        let stackPointer = stackPointer(of: exception)
        if access.kind == .execute || !isNear(access.address, stackPointer) { return false }
        let page = Page.index(of: access.address)
        let state = MemoryManager.shared.state(of: page)
        if state.isFree && isBelowForeignStack(access) { return true }
        if state.isCommitted && state.access != .noAccess { return false }
        guard let stack = firstUsablePage(above: page) else { return false }
        // A program that writes beside its stack has not run out of it.
        return stackPointer < Page.address(of: stack) &+ Page.byteCount
    }

    /// Lets a stack that ran into its guard page, which is disarmed now, have the page and arms the next.
    ///
    /// - Returns: True if the program needs to hear nothing. False if it is no stack, or if no page
    ///   is left to arm; then the exception is a stack overflow.
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

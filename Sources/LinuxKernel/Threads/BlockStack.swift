// A stack that a program has made in a block of this library's memory: the guard page by which it grows.

import CLinux

package enum BlockStack {
    /// Whether the three addresses lie in one block of ours.
    @inline(__always)
    package static func isOneBlock(_ stackPointer: UInt, _ guardPage: UInt, _ above: UInt) -> Bool {
        thread_stack_is_one_block(stackPointer, guardPage, above) != 0
    }

    /// Makes the page below that at `address` the guard of its stack.
    ///
    /// - Returns: False if it is the last page.
    @inline(__always)
    package static func armGuard(below address: UInt) -> Bool {
        thread_stack_arm_below(address) != 0
    }

    /// Makes the lowest page of the running stack, if that is in a block of ours, its guard again.
    ///
    /// - Returns: False if the stack is too full for it.
    @inline(__always)
    package static func armGuardAgain() -> Bool { thread_stack_arm_again() != 0 }
}

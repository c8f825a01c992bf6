// The guard page of a stack that a program has made in memory of this library, and that grows as on Windows.

import CLinux

package enum BlockStack {
    /// Whether the three addresses lie in one allocation of ours.
    @inline(__always)
    package static func isOneBlock(_ stackPointer: UInt, _ guardPage: UInt, _ above: UInt) -> Bool {
        thread_stack_is_one_block(stackPointer, guardPage, above) != 0
    }

    /// Makes the page below the page of `address` the guard page of its stack.
    ///
    /// - Returns: False if that is the last page of the stack.
    @inline(__always)
    package static func armGuard(below address: UInt) -> Bool {
        thread_stack_arm_below(address) != 0
    }

    /// Makes the lowest page of the running stack its guard page again, if the stack is in an allocation of
    /// ours.
    ///
    /// - Returns: False if the stack pointer is too near to that page.
    @inline(__always)
    package static func armGuardAgain() -> Bool { thread_stack_arm_again() != 0 }
}

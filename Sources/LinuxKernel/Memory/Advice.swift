// What the kernel is told for speed alone: memory is the same without it.

import AddressSpace
import CLinux

enum Advice {
    /// Gives the kernel one of its madvise codes for part of the address space.
    static func give(_ code: Int32, at address: UInt, byteCount: UInt) {
        for _ in 0..<mostTries {
            do throws(KernelError) {
                return try KernelError.check(
                    kernel_advise(address, Int(bitPattern: byteCount), code))
            } catch {
                // A kernel that does not know it, or is at its limit on mappings or short of memory; or
                // pages locked in RAM. What follows is slower, and otherwise as ever.
                if error == .invalid { return }
            }
        }
    }

    private static let mostTries = 3
}

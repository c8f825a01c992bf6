// Advice to the kernel that changes only speed or memory use, never results.

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
                // The kernel does not know the advice, is at its limit on mappings or short of memory, or the
                // pages are locked. Later accesses are slower but otherwise the same.
                if error == .invalid { return }
            }
        }
    }

    private static let mostTries = 3
}

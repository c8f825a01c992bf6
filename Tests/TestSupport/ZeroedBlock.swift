// Memory for one test.

import AddressSpace
import Glibc

/// Zeroed memory, filled by the kernel as it is touched.
@safe package final class ZeroedBlock: @unchecked Sendable {
    package let base: UnsafeMutableRawPointer
    private let byteCount: Int

    package init(byteCount: UInt) {
        self.byteCount = Int(byteCount)
        let block = unsafe mmap(
            nil, self.byteCount, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        unsafe base = block!
    }

    deinit { unsafe munmap(base, byteCount) }

    package var words: StampedWordPointer { unsafe base.assumingMemoryBound(to: StampedWord.self) }
    package var address: UInt { UInt(bitPattern: unsafe base) }
}

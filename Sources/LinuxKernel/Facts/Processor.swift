// The processors: which they are, and what they can be told.

import CLinux

package enum Processor {
    /// The one that the calling thread runs on at this moment.
    @inline(__always)
    package static var currentNumber: UInt32 { processor_number() }

    /// Those that this process may run on: how many, and the first 64 as a mask.
    @inline(__always)
    package static var usable: (count: UInt32, mask: UInt64) {
        var mask: UInt64 = 0
        let count = unsafe process_processors(&mask)
        return (count, mask)
    }

    /// Family; model and stepping: as SYSTEM_INFO wants them.
    @inline(__always)
    package static var identity: (level: UInt16, revision: UInt16) {
        let identity = processor_identity()
        return (identity.level, identity.revision)
    }

    /// The numbers that SYSTEM_INFO has for its architecture, and its type.
    @inline(__always)
    package static var architecture: UInt16 { UInt16(MACHINE_ARCHITECTURE) }
    @inline(__always)
    package static var type: UInt32 { UInt32(MACHINE_PROCESSOR_TYPE) }

    /// Tells it that this is a loop that waits.
    @inline(__always)
    package static func pause() { machine_pause() }

    /// Makes code that was just written visible to instruction fetches of this process.
    @inline(__always)
    package static func flushInstructions(at address: UInt, byteCount: UInt) {
        processor_flush_instructions(address, UInt64(byteCount))
    }
}

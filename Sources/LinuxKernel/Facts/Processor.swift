// Facts about the processors, and instructions for them.

import CLinux

package enum Processor {
    /// The processor on which the calling thread runs at this moment.
    @inline(__always)
    package static var currentNumber: UInt32 { processor_number() }

    /// The processors that this process may use: their number, and the first 64 as a mask.
    @inline(__always)
    package static var usable: (count: UInt32, mask: UInt64) {
        var mask: UInt64 = 0
        let count = unsafe process_processors(&mask)
        return (count, mask)
    }

    /// Family (`level`), model and stepping (`revision`), in the form of SYSTEM_INFO.
    @inline(__always)
    package static var identity: (level: UInt16, revision: UInt16) {
        let identity = processor_identity()
        return (identity.level, identity.revision)
    }

    /// The numbers of SYSTEM_INFO for the architecture and for the processor type.
    @inline(__always)
    package static var architecture: UInt16 { UInt16(MACHINE_ARCHITECTURE) }
    @inline(__always)
    package static var type: UInt32 { UInt32(MACHINE_PROCESSOR_TYPE) }

    /// Tells the processor that this is a spin loop.
    @inline(__always)
    package static func pause() { machine_pause() }

    /// Makes code that was just written visible to instruction fetches of this process.
    @inline(__always)
    package static func flushInstructions(at address: UInt, byteCount: UInt) {
        processor_flush_instructions(address, UInt64(byteCount))
    }
}

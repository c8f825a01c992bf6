// The registers of a thread: in the kernel's form, the `machine` that a signal handler is given, and in
// Windows' (CONTEXT). Records and contexts are untyped here, because this layer does not know Windows'
// types.

import CLinux

package enum MachineContext {
    /// Translates a signal that an instruction of this thread caused; fills an EXCEPTION_RECORD and a
    /// CONTEXT.
    ///
    /// - Returns: False, with nothing filled, if no instruction did: somebody sent the signal.
    @inline(__always)
    package static func describeException(
        of signal: Int32, _ information: UnsafeRawPointer?, _ machine: UnsafeRawPointer?,
        record: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer
    ) -> Bool {
        unsafe machine_describe_exception(signal, information, machine, record, context) != 0
    }

    /// Puts the parts of `context` that its ContextFlags name into the registers to be resumed with.
    @inline(__always)
    package static func apply(_ context: UnsafeRawPointer, to machine: UnsafeMutableRawPointer?) {
        unsafe machine_apply_context(machine, context)
    }

    @inline(__always)
    package static func stackPointer(in context: UnsafeRawPointer) -> UInt {
        UInt(unsafe machine_stack_pointer(context))
    }

    @inline(__always)
    package static func instructionPointer(in context: UnsafeRawPointer) -> UInt {
        UInt(unsafe machine_instruction_pointer(context))
    }

    /// Return addresses of the functions that `context` was called by, as far as they keep frame pointers.
    /// Reads nothing that cannot be read.
    ///
    /// - Returns: How many there are in `callers`.
    @inline(__always)
    package static func findCallers(
        of context: UnsafeRawPointer, _ callers: UnsafeMutableBufferPointer<UInt>
    ) -> Int {
        unsafe stack_trace_callers(context, callers.baseAddress, callers.count)
    }
}

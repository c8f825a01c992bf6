// The registers of a thread, in two forms: the kernel's (`machine`, the ucontext_t of a signal handler) and
// Windows' (CONTEXT). Records and contexts are untyped here, because this layer does not know Windows' types.

import CLinux

package enum MachineContext {
    /// Translates a signal that an instruction of this thread caused; fills an EXCEPTION_RECORD and a
    /// CONTEXT.
    ///
    /// - Returns: False, with nothing filled in, if no instruction caused the signal, because it was sent.
    @inline(__always)
    package static func describeException(
        of signal: Int32, _ information: UnsafeRawPointer?, _ machine: UnsafeRawPointer?,
        record: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer
    ) -> Bool {
        unsafe machine_describe_exception(signal, information, machine, record, context) != 0
    }

    /// Copies the parts of `context` that its ContextFlags name into `machine`, whose registers the
    /// interrupted code resumes with.
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

    /// The return addresses of the callers of `context`, as far as functions keep frame pointers. Never
    /// faults.
    ///
    /// - Returns: The number of addresses stored in `callers`.
    @inline(__always)
    package static func findCallers(
        of context: UnsafeRawPointer, _ callers: UnsafeMutableBufferPointer<UInt>
    ) -> Int {
        unsafe stack_trace_callers(context, callers.baseAddress, callers.count)
    }
}

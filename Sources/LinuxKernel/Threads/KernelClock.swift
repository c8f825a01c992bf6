// The kernel's clocks, in nanoseconds.

import CLinux

package enum KernelClock {
    package static var second: Int64 { @inline(__always) get { 1_000_000_000 } }
    package static var millisecond: Int64 { @inline(__always) get { 1_000_000 } }

    /// Since some moment in the past. Deadlines are moments of this clock.
    @inline(__always)
    package static var monotonic: Int64 { clock_monotonic() }

    /// Since the machine was started, including the time that it was suspended.
    @inline(__always)
    package static var sinceBoot: Int64 { clock_since_boot() }

    /// Since 1970 UTC.
    @inline(__always)
    package static var ofDay: Int64 { clock_of_day() }
}

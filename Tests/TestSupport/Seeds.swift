// The seeds of random tests.

import CTestSupport

/// The first `count` seeds, or the first `watched` under the thread sanitizer, which slows each run down
/// many times and cannot find races in tests of one thread.
package func seeds(_ count: UInt64, watched: UInt64) -> ClosedRange<UInt64> {
    1...(is_thread_sanitized() != 0 ? watched : count)
}

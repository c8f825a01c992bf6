// How often random tests run.

import CTestSupport

/// The first `count` seeds, or the first `watched` under the thread sanitizer: it makes each run many times
/// as long, and in one thread it has nothing to find.
package func seeds(_ count: UInt64, watched: UInt64) -> ClosedRange<UInt64> {
    1...(is_thread_sanitized() != 0 ? watched : count)
}

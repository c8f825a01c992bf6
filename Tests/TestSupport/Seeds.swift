// How often random tests of one thread run.

import CTestSupport

/// The first `count` seeds; an eighth of them under the thread sanitizer, which makes each run many times
/// as long and has no races to find in one thread.
package func seeds(_ count: UInt64) -> ClosedRange<UInt64> {
    1...(is_thread_sanitized() != 0 ? (count + 7) / 8 : count)
}

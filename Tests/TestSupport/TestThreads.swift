// Threads of the system's, which may wait for each other as the tasks of Swift's own pool may not.

import Glibc

private final class Job: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Runs `body` on `count` threads at once, with their numbers, and waits until all have ended.
package func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    var threads: [pthread_t] = []
    for index in 0..<count {
        let job = unsafe Unmanaged.passRetained(Job { body(index) })
        var thread = pthread_t()
        let result = unsafe pthread_create(
            &thread, nil,
            { job in
                unsafe Unmanaged<Job>.fromOpaque(job!).takeRetainedValue().run()
                return nil
            }, job.toOpaque())
        precondition(result == 0, "no thread")
        threads.append(thread)
    }
    for thread in threads { pthread_join(thread, nil) }
}

// Settings that are decided once, at first use: the backing, the commit limit, and which commits get their
// memory at once.

import AddressSpace
import LinuxKernel
import Synchronization

/// How a page is committed at the kernel (Sources/README.md, Backing).
package enum BackingKind: UInt64 {
    /// Guard markers in read-write mappings.
    case guarded = 1
    /// A mapping for each run of like pages.
    case mapped = 2
}

/// Whether committed memory may be in huge pages.
enum HugePagePolicy: UInt64 {
    /// The kernel makes no huge pages unless the program asks for them.
    case none = 0
    /// The kernel makes huge pages without being asked.
    case possible = 1
    /// The library asks for huge pages.
    case wanted = 2
    /// The settings of the system have not been read yet.
    case unknown = 3
}

/// Set up by the first call that needs it; constant from then on.
@safe struct Settings {
    private enum Progress {
        static let none: UInt64 = 0
        static let running: UInt64 = 1
        static let done: UInt64 = 2
    }

    /// Bits 0 and 1 the backing, above them the most pages that a commit populates.
    private let choices: StampedWordPointer
    /// The commit limit in pages.
    private let limit: StampedWordPointer
    /// Bit 0 overcommit is strict, bits 1 and 2 the policy on huge pages, bit 3 the settings of huge pages
    /// were read, above it the size of smaller huge pages.
    private let facts: StampedWordPointer
    /// Whether the settings are decided. The word is in a page that the kernel wipes in the child of a fork,
    /// by which the child finds out that it is one.
    private let progress: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer, progress: StampedWordPointer) {
        unsafe choices = unsafe words
        unsafe limit = unsafe words + 1
        unsafe facts = unsafe words + 2
        unsafe self.progress = unsafe progress
    }

    @inline(__always) var backing: BackingKind {
        unsafe choices.pointee.load(ordering: .relaxed) & 3 == BackingKind.mapped.rawValue
            ? .mapped : .guarded
    }

    /// Commits of at most this many pages get their memory at once.
    @inline(__always) var mostPagesPopulated: UInt {
        UInt(unsafe choices.pointee.load(ordering: .relaxed) &>> 2)
    }

    /// In pages.
    @inline(__always) var commitLimit: UInt { UInt(unsafe limit.pointee.load(ordering: .relaxed)) }

    /// True if the kernel itself enforces a commit limit (strict overcommit).
    var isOvercommitStrict: Bool { unsafe facts.pointee.load(ordering: .relaxed) & 1 == 1 }

    @inline(__always) var hugePages: HugePagePolicy {
        HugePagePolicy(rawValue: unsafe facts.pointee.load(ordering: .relaxed) &>> 1 & 3) ?? .none
    }

    /// Size in pages of the largest huge pages below 2 MiB; zero if the kernel makes none.
    ///
    /// - Precondition: `findHugePages` was called.
    var smallerHugePageCount: UInt { UInt(unsafe facts.pointee.load(ordering: .relaxed) &>> 4) }

    /// Reads the system's settings of huge pages when they are first needed, which is rare.
    func findHugePages() {
        let known: UInt64 = 0x08
        if unsafe facts.pointee.load(ordering: .acquiring) & known != 0 { return }
        let setting = HugePages.setting()
        unsafe facts.set(bits: known | UInt64(setting.smallerPageCount) &<< 4)
        if hugePages != .unknown { return }
        let found: HugePagePolicy = setting.areMadeUnasked ? .possible : .none
        unsafe facts.clear(bits: (HugePagePolicy.unknown.rawValue ^ found.rawValue) &<< 1)
    }

    @inline(__always) fileprivate var areReady: Bool {
        unsafe progress.pointee.load(ordering: .acquiring) == Progress.done
    }

    /// Whether the settings were decided, in this process or in one from which it was forked.
    private var areDecided: Bool { unsafe choices.pointee.load(ordering: .relaxed) != 0 }

    /// Notes that the child of a fork has been put in order.
    func finishAdoption() { unsafe progress.pointee.store(Progress.done, ordering: .releasing) }

    /// Decides the settings or, in the child of a fork, calls `adopt`. One thread does it; others wait.
    fileprivate func decide(orElse adopt: () -> Void) {
        // A signal handler that interrupts this thread could not wait for it to finish.
        var signals = SignalHold()
        signals.take()
        while !areReady {
            let isOurs = unsafe progress.exchange(
                expected: Progress.none, desired: Progress.running)
            if isOurs {
                if areDecided { adopt() } else { store() }
                unsafe progress.pointee.store(Progress.done, ordering: .releasing)
            } else {
                CurrentThread.yield()
            }
        }
        signals.end()
    }

    private func store() {
        let isStrict = MemoryLimits.isOvercommitStrict
        let wanted = Environment.backing() ?? (isStrict ? .mapped : .guarded)
        let usable = wanted == .guarded && !GuardMarkers.areAvailable() ? .mapped : wanted
        let limit = Environment.commitLimit() ?? MemoryLimits.committableByteCount()
        let hugePages: HugePagePolicy = Environment.asksForHugePages() ? .wanted : .unknown
        let populated = (Environment.populatedByteCount() ?? 0) &>> UInt64(Page.shift)
        markPage()
        unsafe choices.pointee.store(usable.rawValue | populated &<< 2, ordering: .relaxed)
        unsafe self.limit.pointee.store(limit &>> UInt64(Page.shift), ordering: .relaxed)
        unsafe facts.pointee.store(
            hugePages.rawValue &<< 1 | (isStrict ? 1 : 0), ordering: .relaxed)
    }

    /// Has the kernel wipe the page of `progress` in every child. If the kernel cannot, a child is noticed
    /// only through the fork handlers of the C library.
    private func markPage() {
        Mapping.wipeInChildren(at: UInt(bitPattern: unsafe progress), byteCount: Page.byteCount)
    }
}

extension MemoryManager {
    @inline(__always) var settings: Settings {
        unsafe Settings(words: storage.settings, progress: storage.presence)
    }

    /// Makes sure that the settings are decided and that the child of a fork is in order.
    @inline(__always)
    func prepare() {
        if !settings.areReady { decide() }
    }

    @inline(never)
    private func decide() {
        settings.decide {
            let parent = CurrentThread.identifier
            CurrentThread.forgetIdentifier()
            adopt(formerly: parent, now: CurrentThread.identifier)
        }
    }
}

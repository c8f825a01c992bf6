// Mappings kept in hand. At the kernel's limit on mappings (vm.max_map_count) a refused call can be undone
// and memory given back only if a mapping or two can still be had; so some are taken beforehand, and
// given up then.

import AddressSpace
import LinuxKernel
import Synchronization

/// A small mapping whose pages are alternately readable and not, so that each counts.
@safe struct Ballast {
    private enum State {
        static let none: UInt64 = 0
        static let held: UInt64 = 1
        /// A thread is at it.
        static let changing: UInt64 = 2
    }

    /// Pages; every other one makes two mappings.
    static var pageCount: UInt { 16 }

    /// Address, or zero; state.
    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    private var state: StampedWordPointer { unsafe words + 1 }

    /// True if the mappings are in hand, or never were made.
    var isHeld: Bool {
        unsafe words[0].load(ordering: .relaxed) == 0
            || state.pointee.load(ordering: .relaxed) == State.held
    }

    /// Makes it, once; does not matter if that is refused.
    func make() {
        if unsafe words[0].load(ordering: .relaxed) != 0 { return }
        do throws(KernelError) {
            let base = try Mapping.reserve(byteCount: Ballast.pageCount &<< Page.shift)
            if unsafe words.exchange(expected: 0, desired: UInt64(base)) {
                takeUp()
            } else {
                try Mapping.release(pages(at: base))
            }
        } catch {
            // Without it the last calls at the limit may be refused.
        }
    }

    private func pages(at base: UInt) -> PageRange {
        let start = Page.index(of: base)
        return PageRange(from: start, to: start &+ Ballast.pageCount)
    }

    private var pages: PageRange? {
        let base = UInt(unsafe words[0].load(ordering: .relaxed))
        return base == 0 ? nil : pages(at: base)
    }

    /// Gives the mappings up, so that somebody can have them. Takes none for it.
    ///
    /// - Returns: False if they were not in hand.
    @discardableResult
    func giveUp() -> Bool {
        guard let pages,
            unsafe state.exchange(expected: State.held, desired: State.changing)
        else { return false }
        close(pages)
        unsafe state.pointee.store(State.none, ordering: .releasing)
        return true
    }

    private func close(_ pages: PageRange) {
        do throws(KernelError) { try PageAccess.set(.noAccess, on: pages) } catch {
            // It divides nothing, so there is nothing to refuse.
        }
    }

    /// Whether as many mappings can be had as half of it. True also while another thread is at it, since
    /// nothing is known then, and the kernel will tell.
    func isThereRoom() -> Bool {
        let answer = takeUp(Ballast.pageCount / 2)
        if answer == .taken { giveUp() }
        return answer != .refused
    }

    /// Takes them in hand again.
    func takeUp() { _ = takeUp(Ballast.pageCount) }

    private enum Answer {
        case taken
        case refused
        /// Another thread is at it, or has them in hand already.
        case unknown
    }

    private func takeUp(_ pageCount: UInt) -> Answer {
        guard let pages,
            unsafe state.exchange(expected: State.none, desired: State.changing)
        else { return .unknown }
        var page = pages.start &+ 1
        do throws(KernelError) {
            while page < pages.start &+ pageCount {
                try PageAccess.set(.readOnly, on: PageRange(from: page, to: page &+ 1))
                page &+= 2
            }
            unsafe state.pointee.store(State.held, ordering: .releasing)
            return .taken
        } catch {
            close(pages)
            unsafe state.pointee.store(State.none, ordering: .releasing)
            return .refused
        }
    }

    /// In the child of a fork: whoever was changing it stayed behind.
    func adopt() {
        if unsafe state.pointee.load(ordering: .relaxed) == State.changing {
            unsafe state.pointee.store(State.none, ordering: .relaxed)
        }
    }
}

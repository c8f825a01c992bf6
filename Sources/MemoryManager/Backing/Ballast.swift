// A reserve of mappings. At the kernel's limit on mappings (vm.max_map_count), undoing a refused call and
// giving memory back may need one or two new mappings. So the library holds some beforehand, and gives them
// up when they are needed.

import AddressSpace
import LinuxKernel
import Synchronization

/// A small range of pages that are alternately readable and inaccessible, so that each is a mapping.
@safe struct Ballast {
    private enum State {
        static let none: UInt64 = 0
        static let held: UInt64 = 1
        /// A thread is changing the ballast.
        static let changing: UInt64 = 2
    }

    /// The size in pages. Each second page is made readable, which adds two mappings.
    static var pageCount: UInt { 16 }

    /// Two words: the address of the pages, or zero; and the state.
    private let words: StampedWordPointer

    @inline(__always)
    init(words: StampedWordPointer) { unsafe self.words = unsafe words }

    private var state: StampedWordPointer { unsafe words + 1 }

    /// True if the mappings are held, or were never made.
    var isHeld: Bool {
        unsafe words[0].load(ordering: .relaxed) == 0
            || state.pointee.load(ordering: .relaxed) == State.held
    }

    /// Makes the ballast, once. A refusal does no harm.
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
            // Without ballast, undoing and freeing at the limit may be refused.
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

    /// Gives the mappings up, so that other calls can use them. Needs no new mapping itself.
    ///
    /// - Returns: False if they were not held.
    @discardableResult
    func giveUp() -> Bool {
        guard let pages,
            unsafe state.exchange(expected: State.held, desired: State.changing)
        else { return false }
        close(pages)
        unsafe state.pointee.store(State.none, ordering: .releasing)
        return true
    }

    private func close(_ pages: PageRange) { setAccess(.noAccess, on: pages) }

    /// - Parameter pages: All pages of the ballast.
    private func setAccess(_ access: Protection, on pages: PageRange) {
        do throws(KernelError) { try PageAccess.set(access, on: pages) } catch {
            // The call divides no mapping, so the kernel does not refuse it.
        }
    }

    /// Whether the kernel still grants half as many mappings as the ballast has. True also while another
    /// thread is changing the ballast, because nothing is known then.
    func isThereRoom() -> Bool {
        let answer = takeUp(Ballast.pageCount / 2)
        if answer == .taken { giveUp() }
        return answer != .refused
    }

    /// Makes the mappings again.
    func takeUp() { _ = takeUp(Ballast.pageCount) }

    private enum Answer {
        case taken
        case refused
        /// The mappings are held already, were never made, or another thread is changing them.
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
            // The refused call may have divided the mapping. The kernel joins its parts only when their
            // protection changes.
            setAccess(.readOnly, on: pages)
            close(pages)
            unsafe state.pointee.store(State.none, ordering: .releasing)
            return .refused
        }
    }

    /// In the child of a fork: a thread that was changing the ballast does not exist here.
    func adopt() {
        if unsafe state.pointee.load(ordering: .relaxed) == State.changing {
            unsafe state.pointee.store(State.none, ordering: .relaxed)
        }
    }
}

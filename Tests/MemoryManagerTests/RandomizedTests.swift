// Random operations on the real kernel, contents included, against the obvious model.

import AddressSpace
import TestSupport
import Testing

@testable import MemoryManager

/// What a page must hold: nil for a reserved page.
private struct Expectation {
    var access: Protection?
    var value: UInt64 = 0
}

@Suite("Random operations on the kernel")
struct RandomizedTests {
    private enum Kind {
        case ordinary
        case placeholder
        case hasReplacedPlaceholder
    }

    private struct Run {
        let memory: TestMemory
        var generator: SeededGenerator
        var allocations: [(range: PageRange, pages: [Expectation], kind: Kind)] = []
        /// Where the last step was.
        var touched: PageRange?

        private mutating func pick() -> (index: Int, offsets: Range<Int>)? {
            guard let index = allocations.indices.randomElement(using: &generator) else {
                return nil
            }
            let count = allocations[index].pages.count
            let start = Int.random(in: 0..<count, using: &generator)
            touched = allocations[index].range
            return (index, start..<Int.random(in: start + 1...count, using: &generator))
        }

        private func pages(_ index: Int, _ offsets: Range<Int>) -> PageRange {
            part(UInt(offsets.lowerBound)..<UInt(offsets.upperBound), of: allocations[index].range)
        }

        private mutating func reserve() throws {
            // Now and then more than is prepared at once.
            let most = Int.random(in: 0..<8, using: &generator) == 0 ? 700 : 120
            let count = Int.random(in: 1...most, using: &generator)
            let isCommitted = Bool.random(using: &generator)
            let isPlaceholder = !isCommitted && Bool.random(using: &generator)
            let range = try memory.reserve(
                UInt(count), isCommitted ? .atOnce : isPlaceholder ? .never : .later)
            let page = Expectation(access: isCommitted ? .readWrite : nil)
            let kind = isPlaceholder ? Kind.placeholder : .ordinary
            allocations.append((range, Array(repeating: page, count: count), kind))
            touched = range
            if isCommitted { write(allocations.count - 1, 0..<count) }
        }

        /// Writes into pages that have just been committed: each must be zero, or what it was.
        private mutating func write(_ index: Int, _ offsets: Range<Int>) {
            for offset in offsets where allocations[index].pages[offset].access == .readWrite {
                let page = allocations[index].range.start + UInt(offset)
                #expect(Contents.at(page) == allocations[index].pages[offset].value)
                let value = UInt64.random(in: 1...(.max), using: &generator)
                Contents.set(value, at: page)
                allocations[index].pages[offset].value = value
            }
        }

        private func expectConflict(_ call: () throws -> Void) {
            #expect(throws: MemoryError.rangeConflicts) { try call() }
        }

        private mutating func commit() throws {
            guard let (index, offsets) = pick() else { return }
            let access: Protection = [.readWrite, .readWrite, .readOnly, .noAccess]
                .randomElement(using: &generator)!
            if allocations[index].kind == .placeholder {
                let range = pages(index, offsets)
                return expectConflict { try memory.commit(range, access) }
            }
            try memory.commit(pages(index, offsets), access)
            for offset in offsets { allocations[index].pages[offset].access = access }
            write(index, offsets)
        }

        private mutating func decommit() throws {
            guard let (index, offsets) = pick() else { return }
            try memory.manager.decommit(pages(index, offsets))
            for offset in offsets { allocations[index].pages[offset] = Expectation() }
        }

        private mutating func protect() throws {
            guard let (index, offsets) = pick() else { return }
            let access: Protection = [.readWrite, .readOnly].randomElement(using: &generator)!
            let isWhole = allocations[index].pages[offsets].allSatisfy { $0.access != nil }
            do throws(MemoryError) {
                _ = try memory.manager.protect(pages(index, offsets), access, .off)
                #expect(isWhole)
                for offset in offsets { allocations[index].pages[offset].access = access }
            } catch {
                #expect(error == .notCommitted && !isWhole)
            }
        }

        private mutating func fill() {
            guard let (index, offsets) = pick() else { return }
            write(index, offsets)
        }

        private mutating func release() throws {
            guard let index = allocations.indices.randomElement(using: &generator) else { return }
            try memory.release(allocations[index].range)
            allocations.remove(at: index)
        }

        /// What is left on either side goes on as an allocation of its own.
        private mutating func releasePart() throws {
            guard let (index, offsets) = pick() else { return }
            let gone = pages(index, offsets)
            try memory.manager.release(part: gone)
            #expect(memory.map.freeState(of: gone) == .available)
            takeOut(gone, index, offsets)
        }

        /// Leaves what is below and above `part`.
        private mutating func takeOut(_ part: PageRange, _ index: Int, _ offsets: Range<Int>) {
            let (range, pages, kind) = allocations.remove(at: index)
            if range.start < part.start {
                let below = PageRange(from: range.start, to: part.start)
                allocations.append((below, Array(pages[..<offsets.lowerBound]), kind))
            }
            if part.end < range.end {
                let above = PageRange(from: part.end, to: range.end)
                allocations.append((above, Array(pages[offsets.upperBound...]), kind))
            }
        }

        private mutating func makePlaceholder() throws {
            guard let (index, picked) = pick() else { return }
            let kind = allocations[index].kind
            let isWhole = Bool.random(using: &generator)
            let offsets = isWhole ? allocations[index].pages.indices : picked
            let part = pages(index, offsets)
            if kind == .ordinary || kind == .placeholder && part == allocations[index].range {
                return expectConflict { try memory.manager.makePlaceholder(of: part) }
            }
            try memory.manager.makePlaceholder(of: part)
            takeOut(part, index, offsets)
            let pages = Array(repeating: Expectation(), count: offsets.count)
            allocations.append((part, pages, .placeholder))
        }

        private mutating func replacePlaceholder() throws {
            guard let (index, _) = pick() else { return }
            let (range, pages, kind) = allocations[index]
            let isCommitted = Bool.random(using: &generator)
            do throws(MemoryError) {
                try memory.manager.replacePlaceholder(
                    range, PageProtection(.readWrite), isCommitted ? .atOnce : .later)
                #expect(kind == .placeholder)
            } catch {
                #expect(kind != .placeholder && error == .rangeConflicts)
                return
            }
            let page = Expectation(access: isCommitted ? .readWrite : nil)
            allocations[index].pages = Array(repeating: page, count: pages.count)
            allocations[index].kind = .hasReplacedPlaceholder
            if isCommitted { write(index, pages.indices) }
        }

        /// Joins a placeholder with all that lie directly behind it.
        private mutating func coalescePlaceholders() throws {
            let all = allocations.filter { $0.kind == .placeholder }.map(\.range)
            guard let first = all.randomElement(using: &generator) else { return }
            var range = first
            while let next = all.first(where: { $0.start == range.end }) {
                range = PageRange(from: range.start, to: next.end)
            }
            touched = range
            if range == first {
                return expectConflict { try memory.manager.coalescePlaceholders(of: range) }
            }
            try memory.manager.coalescePlaceholders(of: range)
            allocations.removeAll { range.contains($0.range) }
            let pages = Array(repeating: Expectation(), count: Int(range.pageCount))
            allocations.append((range, pages, .placeholder))
        }

        mutating func step() throws {
            switch Int.random(in: 0..<29, using: &generator) {
            case 0, 1: try reserve()
            case 2...6: try commit()
            case 7...9: try decommit()
            case 10...12: try protect()
            case 13...17: fill()
            case 18: try releasePart()
            case 20...22: try makePlaceholder()
            case 23...26: try replacePlaceholder()
            case 27, 28: try coalescePlaceholders()
            default: try release()
            }
        }

        func check(_ note: String) {
            #expect(memory.map.brokenInvariant() == nil, "\(note)")
            var committedCount: UInt = 0
            for (range, pages, kind) in allocations {
                #expect(memory.map.allocation(containing: range.start)?.range == range, "\(note)")
                for (offset, page) in pages.enumerated() {
                    let number = range.start + UInt(offset)
                    let expected =
                        page.access.map { PageState.committed($0) }
                        ?? (kind == .placeholder ? .placeholder : .reserved)
                    #expect(memory.state(number) == expected, "\(note), page \(number)")
                    if page.access != nil { committedCount += 1 }
                    if page.access == .readWrite || page.access == .readOnly {
                        #expect(Contents.at(number) == page.value, "\(note), page \(number)")
                    }
                }
            }
            #expect(memory.map.charge.pageCount == committedCount, "\(note)")
        }

        /// What the processor allows: on the pages of the last step, or on all.
        func checkAccess(ofAll isAll: Bool, _ note: String) {
            for (range, pages, _) in allocations where isAll || touched?.overlaps(range) == true {
                let expected: [Access] = pages.map {
                    $0.access == .readWrite ? .write : $0.access == .readOnly ? .read : .none
                }
                let found = Access.to(range)
                for offset in pages.indices where found[offset] != expected[offset] {
                    Issue.record("\(note), page \(offset) of \(range): \(found[offset])")
                }
            }
        }
    }

    @Test(
        "states and contents are those of the model", arguments: BackingKind.allCases,
        seeds(8, watched: 1))
    func againstTheModel(backing: BackingKind, seed: UInt64) throws {
        var run = Run(memory: TestMemory(backing), generator: SeededGenerator(seed: seed))
        for step in 0..<150 {
            try run.step()
            run.check("seed \(seed), step \(step)")
            run.checkAccess(ofAll: step % 30 == 29, "seed \(seed), step \(step)")
        }
    }
}

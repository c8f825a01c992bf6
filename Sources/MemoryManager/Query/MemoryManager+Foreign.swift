// Foreign memory, mapped by other code: program images, stacks, the C heap. Queries describe it, and its
// protection may be changed, as code patchers need. It is never freed.

import AddressSpace
import LinuxKernel

extension ForeignMapping {
    /// The protection of the mapping, in Windows' terms.
    var protection: Protection {
        if isExecutable {
            return isWritable ? .executeReadWrite : isReadable ? .executeRead : .execute
        }
        return isWritable ? .readWrite : isReadable ? .readOnly : .noAccess
    }
}

extension MemoryManager {
    /// The most neighbouring mappings that are read on each side to find the extent of an image.
    private static var mostImageMappings: Int { 32 }

    func describe(
        _ mapping: ForeignMapping, from page: UInt, to end: UInt, in mappings: inout ForeignMappings
    ) -> MemoryRegion {
        let image = extent(ofImageAround: mapping, in: &mappings)
        let type: RegionType =
            image.isImage ? .image : mapping.isFileBacked || mapping.isShared ? .mapped : .private
        let initial = PageProtection(image.isImage ? .executeWriteCopy : mapping.protection)
        let part =
            mappings.areOwn
            ? mapping.readability(from: page, to: end) : (isAsPermitted: true, end: end)
        return MemoryRegion(
            base: Page.address(of: page), byteCount: Page.address(of: part.end &- page),
            state: .committed(PageProtection(part.isAsPermitted ? mapping.protection : .noAccess)),
            type: type, allocationBase: image.base, initialProtection: initial)
    }

    /// The base of the allocation that a foreign mapping belongs to, and whether it is a program
    /// image: a file of which some part is mapped executable, with the anonymous pages behind its
    /// data (.bss).
    private func extent(
        ofImageAround mapping: ForeignMapping, in mappings: inout ForeignMappings
    ) -> (base: UInt, isImage: Bool) {
        var base = mapping
        if !mapping.isFileBacked {
            guard let before = directlyBefore(mapping, in: &mappings), before.isFileBacked,
                before.isWritable,
                mapping.isWritable, !mapping.isShared
            else { return (mapping.start, false) }
            base = before
        }
        let file = base
        var isImage = file.isExecutable
        for _ in 0..<MemoryManager.mostImageMappings {
            guard let before = directlyBefore(base, in: &mappings), before.hasSameFile(as: file)
            else { break }
            isImage = isImage || before.isExecutable
            base = before
        }
        var last = file
        for _ in 0..<MemoryManager.mostImageMappings where !isImage {
            guard let next = mappings.first(atOrAfter: last.end), next.start == last.end,
                next.hasSameFile(as: file)
            else { break }
            isImage = next.isExecutable
            last = next
        }
        return isImage ? (base.start, true) : (mapping.start, false)
    }

    private func directlyBefore(
        _ mapping: ForeignMapping, in mappings: inout ForeignMappings
    ) -> ForeignMapping? {
        if mapping.start == 0 { return nil }
        let before = mappings.first(atOrAfter: mapping.start &- 1)
        return before?.end == mapping.start ? before : nil
    }

    /// Runs `act` on foreign pages under a claim, so that a mapping which an operation of ours is making
    /// there is not taken for a foreign one.
    ///
    /// - Parameter act: Receives the first of the mappings.
    /// - Throws: `stranger` if a page is not mapped, or is ours; nothing was changed then.
    @inline(never)
    func withForeign(
        _ range: PageRange, else stranger: MemoryError,
        _ act: (ForeignMapping) throws(Refusal) -> Void
    ) throws(MemoryError) {
        _ = try change(begin()) { _, _ throws(Setback) -> Claim? in
            if map.freeState(of: range) != .unowned { throw .refused(stranger) }
            return .long(range)
        } act: { _, _ throws(Refusal) in
            guard let first = firstMapping(ofMapped: range) else { throw .memory(stranger) }
            try act(first)
        } record: { _, _, _ in
            .max
        }
    }

    /// The first of the mappings in `range`; `nil` if they do not cover it.
    private func firstMapping(ofMapped range: PageRange) -> ForeignMapping? {
        var mappings = ForeignMappings()
        defer { mappings.close() }
        var address = range.base
        var first: ForeignMapping?
        while address < range.limit {
            guard let mapping = mappings.first(atOrAfter: address), mapping.start <= address
            else { return nil }
            first = first ?? mapping
            address = mapping.end
        }
        return first
    }

    /// The error with which VirtualFree refuses `page`, which depends on the foreign mapping there.
    package func refusalToFree(foreignAt page: UInt) -> MemoryError {
        var mappings = ForeignMappings()
        defer { mappings.close() }
        guard case .outside(let mapping?, _) = look(at: page, in: &mappings),
            mapping.start <= Page.address(of: page)
        else { return .notAllocated }
        return describe(mapping, from: page, to: page &+ 1, in: &mappings).type == .private
            ? .notAtBase : .foreignView
    }

    /// Sets the protection of foreign pages, all mapped, none ours.
    ///
    /// - Returns: The protection of the first page before.
    /// - Throws: `.rangeConflicts` if a page is not mapped, or is ours; `.accessDenied` if the kernel refuses
    ///   (for example, for a shared mapping of a file opened read-only).
    package func protectForeign(
        _ range: PageRange, _ access: Protection, _ guardState: Guard
    ) throws(MemoryError) -> PageProtection {
        var old = PageProtection(access)
        try withForeign(range, else: .rangeConflicts) { first throws(Refusal) in
            if access.isCopyOnWrite && !first.isFileBacked { throw .memory(.invalidParameter) }
            if guardState == .armed { throw .memory(.notSupported) }
            // The pages may belong to a stack, to which results are stored without a check.
            defer { OwnStack.protectionsChanged() }
            do throws(KernelError) {
                try PageAccess.set(access, on: range)
            } catch {
                throw .memory(error == .outOfMemory ? .outOfAddressSpace : .accessDenied)
            }
            old = PageProtection(first.protection)
        }
        return old
    }
}

// The mapped backing's decommit: a fresh inaccessible mapping in the place of the pages.

import AddressSpace
import LinuxKernel

extension Granules {
    /// Replaces committed pages by inaccessible ones without contents.
    ///
    /// - Parameter range: Pages of one run, claimed.
    @inline(__always)
    func replace(_ range: PageRange) throws(KernelError) {
        if map.claims.areSeveralAnnounced && isMappingOfItsOwn(range) {
            try emptyAndReplace(range)
        } else {
            try Mapping.discard(range)
        }
    }

    /// Whether the kernel need divide no mapping to replace the pages. Contents that are dropped
    /// beforehand would be lost if it could refuse to.
    private func isMappingOfItsOwn(_ range: PageRange) -> Bool {
        !map.state(of: range.start &- 1).isCommitted && !map.state(of: range.end).isCommitted
    }

    /// The same while other threads are in the kernel. Frees the contents by themselves first: that
    /// excludes nobody, while whoever replaces mappings excludes all others until every processor has
    /// forgotten the pages.
    @inline(never)
    private func emptyAndReplace(_ range: PageRange) throws(KernelError) {
        do throws(KernelError) {
            try Mapping.empty(at: range.base, byteCount: range.byteCount)
        } catch {
            // Locked in RAM behind our back. Nothing has changed yet.
            return try Mapping.discard(range)
        }
        do throws(KernelError) { try Mapping.discard(range) } catch {
            // It makes no mapping any more, but may not need one for this. Only its charge stays, until
            // the pages are committed again or released. Contents are gone already, so that it must not
            // be refused.
            do throws(KernelError) { try PageAccess.set(.noAccess, on: range) } catch {
                closeWithoutMapping(range)
            }
        }
    }

    /// Closes emptied pages without any new mapping. Where the kernel has no markers they stay
    /// accessible, as zeros, until they are committed again or released.
    private func closeWithoutMapping(_ range: PageRange) {
        noteUnsettled(range)
        do throws(KernelError) { try mark(range) } catch {}
    }
}

// The decommit of the mapped backing: replaces the pages by a fresh inaccessible mapping.

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

    /// Whether the kernel can replace the pages without dividing a mapping. If it had to divide one it could
    /// refuse, and contents that were freed beforehand would be lost.
    private func isMappingOfItsOwn(_ range: PageRange) -> Bool {
        !map.state(of: range.start &- 1).isCommitted && !map.state(of: range.end).isCommitted
    }

    /// Same as `replace`, while other threads are in the kernel. Frees the contents in a call of its own
    /// first, which makes no other thread wait. Replacing a mapping makes all threads wait until every
    /// processor has dropped the pages from its TLB.
    @inline(never)
    private func emptyAndReplace(_ range: PageRange) throws(KernelError) {
        do throws(KernelError) {
            try Mapping.empty(at: range.base, byteCount: range.byteCount)
        } catch {
            // The program has locked the pages with mlock. Nothing has changed yet.
            return try Mapping.discard(range)
        }
        do throws(KernelError) { try Mapping.discard(range) } catch {
            // The kernel grants no new mapping, but may need none for this call. Its own charge for the pages
            // stays until they are committed again or released. The contents are gone, so the decommit must
            // not fail.
            do throws(KernelError) { try PageAccess.set(.noAccess, on: range) } catch {
                closeWithoutMapping(range)
            }
        }
    }

    /// Makes emptied pages inaccessible without a new mapping. If the kernel has no markers, the pages stay
    /// accessible and read as zeros until they are committed again or released.
    private func closeWithoutMapping(_ range: PageRange) {
        noteUnsettled(range)
        do throws(KernelError) { try mark(range) } catch {}
    }
}

// Writes text of callers to streams, as UTF-8.

import CWin32
import LinuxKernel

extension Stream {
    /// Writes the first `count` characters of `text`, in pieces of whole scalars. `written` receives the
    /// characters of the pieces that were written.
    @inline(never)
    func write(_ text: CharacterText, count: Int, written: inout Int) throws(KernelError) {
        let longestScalar = 4
        written = 0
        var bytes = InlineArray<512, UInt8>(repeating: 0)
        while written < count {
            try unsafe withUnsafeMutableBytes(of: &bytes) { target throws(KernelError) in
                var buffer = unsafe CharacterBuffer(
                    target.baseAddress, .one, capacity: target.count)
                var index = written
                while index < count && buffer.count <= target.count &- longestScalar {
                    let scalar = text.scalar(at: index, of: count)
                    buffer.append(scalar.scalar)
                    index &+= scalar.length
                }
                var byteCount = 0
                unsafe try write(
                    target.baseAddress, byteCount: buffer.writtenCount, written: &byteCount)
                written = index
            }
        }
    }

    /// Complains on standard error.
    static func complain(_ text: CharacterText) {
        var written = 0
        // Nobody can be told that standard error cannot be written.
        do throws(KernelError) {
            try Stream(descriptor: 2).write(text, count: text.length, written: &written)
        } catch {}
    }
}

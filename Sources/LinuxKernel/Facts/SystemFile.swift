// Reads small text files of /proc and /sys.

import CLinux

enum SystemFile {
    /// Reads the beginning of the file at `path` into `text`.
    ///
    /// - Returns: The bytes read, at most what `text` holds; negative if the file cannot be read.
    static func read(_ path: StaticString, into text: inout MutableSpan<UInt8>) -> Int {
        let name = unsafe UnsafeRawPointer(path.utf8Start).assumingMemoryBound(to: CChar.self)
        return unsafe text.withUnsafeMutableBytes { buffer in
            unsafe kernel_read_file(name, buffer.baseAddress, buffer.count)
        }
    }
}

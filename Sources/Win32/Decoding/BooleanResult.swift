// TRUE and FALSE. The macros of the headers do not import: Swift has words of its own for them.

import CWin32

extension BOOL {
    @inline(__always) static var success: BOOL { 1 }
    @inline(__always) static var failure: BOOL { 0 }
}

// TRUE and FALSE. Swift does not import these macros of the headers.

import CWin32

extension BOOL {
    @inline(__always) static var success: BOOL { 1 }
    @inline(__always) static var failure: BOOL { 0 }
}

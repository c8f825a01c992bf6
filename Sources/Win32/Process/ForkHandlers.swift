// The entry points of fork, called by the handlers that CLinux registers.

import CCallbacks
import LinuxKernel
import MemoryManager

@_cdecl("win32memory_before_fork") @implementation
public func win32memory_before_fork() {
    MemoryManager.shared.quiesceForFork()
}

@_cdecl("win32memory_after_fork_in_parent") @implementation
public func win32memory_after_fork_in_parent() {
    MemoryManager.shared.resumeInParent()
}

@_cdecl("win32memory_after_fork_in_child") @implementation
public func win32memory_after_fork_in_child(_ former_thread: UInt32, _ thread: UInt32) {
    FaultSignals.restartIfInterrupted()
    MemoryManager.shared.resumeInForkChild(formerly: former_thread, now: thread)
    ThreadStorage.keepOwnBlockOnly()
    ProcessMemory.forgetPeak()
}

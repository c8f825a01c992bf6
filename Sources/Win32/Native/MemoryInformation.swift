// The classes of NtQueryVirtualMemory, and their names in kernel32.

import AddressSpace
import CWin32
import LinuxKernel
import MemoryManager

/// Memory of the caller that receives information.
struct InformationBuffer {
    let address: UInt
    let byteCount: UInt
    /// Zero, or the address of a word that receives the bytes of the information.
    private let resultLength: UInt

    init(_ buffer: PVOID?, _ byteCount: UInt, _ resultLength: PSIZE_T?) {
        address = UInt(bitPattern: buffer)
        self.byteCount = byteCount
        self.resultLength = UInt(bitPattern: resultLength)
    }

    /// - Throws: `.lengthMismatch` if there is no room for `least` bytes; `.noAccess` if the results cannot be
    ///   stored.
    func require(_ least: Int) throws(MemoryError) {
        if byteCount < UInt(bitPattern: least) { throw .lengthMismatch }
        unsafe try CallerMemory.requireWritable(
            UnsafeMutableRawPointer(bitPattern: address), byteCount: least)
        if resultLength != 0 {
            unsafe try CallerMemory.requireWritable(
                UnsafeMutableRawPointer(bitPattern: resultLength), byteCount: 8)
        }
    }

    /// Stores as much of a structure as fits.
    func leave<Value: BitwiseCopyable>(_ value: Value) {
        var value = value
        let count = min(MemoryLayout<Value>.size, Int(bitPattern: byteCount))
        unsafe CallerMemory.leave(&value, count, at: address)
        leaveLength(UInt(bitPattern: count))
    }

    func leaveLength(_ count: UInt) {
        if resultLength == 0 { return }
        unsafe CallerMemory.leave(count, at: UnsafeMutablePointer<UInt>(bitPattern: resultLength))
    }
}

enum MemoryInformation {
    static func basic(
        _ process: HANDLE?, _ address: UInt, _ buffer: InformationBuffer
    ) throws(MemoryError) {
        unsafe try buffer.require(MemoryLayout<MEMORY_BASIC_INFORMATION>.size)
        let region = unsafe try region(at: address, of: process)
        unsafe buffer.leave(MEMORY_BASIC_INFORMATION(region))
    }

    /// Entries of a page each; the caller has named the pages (behaviour 12.7 to 12.11).
    static func workingSet(
        _ process: HANDLE?, _ buffer: InformationBuffer
    ) throws(MemoryError) {
        let entryByteCount = unsafe UInt(
            MemoryLayout<PSAPI_WORKING_SET_EX_INFORMATION>.size)
        if buffer.byteCount < entryByteCount { throw .lengthMismatch }
        let count = buffer.byteCount / entryByteCount
        unsafe try ProcessHandle.require(process, DWORD(PROCESS_QUERY_INFORMATION))
        try buffer.require(Int(bitPattern: count &* entryByteCount))
        let resident = ResidentPages()
        defer { resident.close() }
        for index in 0..<count {
            let entry = buffer.address &+ index &* entryByteCount
            let address = unsafe try CallerMemory.word(at: UnsafeRawPointer(bitPattern: entry))
            let attributes = MemoryManager.shared.workingSetAttributes(at: address, in: resident)
            unsafe CallerMemory.leave(
                attributes.word, at: UnsafeMutablePointer<UInt>(bitPattern: entry &+ 8))
        }
        buffer.leaveLength(count &* entryByteCount)
    }

    /// The whole allocation. A buffer without room for its committed bytes receives the rest (6.24).
    ///
    /// - Returns: False if the address is free.
    static func allocation(
        _ process: HANDLE?, _ address: UInt, _ buffer: InformationBuffer
    ) throws(MemoryError) -> Bool {
        let most = MemoryLayout<RegionInformation>.size
        let least = most &- MemoryLayout<UInt>.size
        try buffer.require(min(max(least, Int(clamping: buffer.byteCount)), most))
        unsafe try ProcessHandle.require(process, ProcessHandle.query)
        guard let found = try MemoryManager.shared.allocation(at: address) else { return false }
        buffer.leave(RegionInformation(found))
        return true
    }
}

/// WIN32_MEMORY_REGION_INFORMATION, which Swift imports with unions.
private struct RegionInformation: BitwiseCopyable {
    let base: UInt
    let initialProtection: DWORD
    /// Zero for all memory (6.25).
    let flags: DWORD = 0
    let byteCount: UInt
    let committedByteCount: UInt

    init(_ allocation: MemoryAllocation) {
        base = allocation.base
        initialProtection = allocation.initialProtection.flags
        byteCount = allocation.byteCount
        committedByteCount = allocation.committedByteCount
    }
}

extension WorkingSetAttributes {
    /// The bits of PSAPI_WORKING_SET_EX_BLOCK (behaviour 1.20).
    var word: UInt {
        var word: UInt = isShared ? 1 &<< 15 : 0
        guard let protection else { return word }
        word |= 1 | UInt(protection.flags) &<< 4
        // How many processes share the page is not known; it is at least one (12.11).
        if isShared { word |= 1 &<< 1 }
        if isLocked { word |= 1 &<< 22 }
        return word
    }
}

// The fixed storage of the process.

import AddressSpace
import CLinux
import MemoryManager
import Testing

@Suite("Fixed storage")
struct StorageTests {
    @Test("the fixed storage has room for every word of the address map")
    func storageHasRoom() {
        #expect(UInt(win32memory_map_storage_word_count) >= AddressMapStorage.wordCount)
    }
}

// What /proc/self/cgroup and the files of control groups say, in the forms that systems have them.

import LinuxKernel
import Testing

@Suite("Control groups")
struct ControlGroupListTests {
    private func path(_ version: ControlGroupList.Version, _ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let range = ControlGroupList.path(version, in: bytes.span) else { return nil }
        return String(decoding: bytes[range], as: UTF8.self)
    }

    private func byteCount(_ text: String) -> UInt64? {
        let bytes = Array(text.utf8)
        return ControlGroupList.byteCount(in: bytes.span)
    }

    @Test("a list of version 2 has one line")
    func unified() {
        let text = "0::/user.slice/user-1000.slice/session-2.scope\n"
        #expect(path(.two, text) == "/user.slice/user-1000.slice/session-2.scope")
        #expect(path(.one, text) == nil)
    }

    @Test("in a list of version 1 the line of the memory controller counts, wherever it is")
    func version1() {
        let text = "11:cpu,cpuacct:/a\n10:memory:/docker/0123\n9:name=systemd:/c\n"
        #expect(path(.one, text) == "/docker/0123")
        #expect(path(.two, text) == nil)
    }

    @Test(
        "the memory controller may share a hierarchy",
        arguments: ["5:memory,cpu:/x", "5:cpu,memory:/x", "5:cpu,memory,pids:/x\n"])
    func shared(text: String) { #expect(path(.one, text) == "/x") }

    @Test(
        "names that contain memory are not the memory controller",
        arguments: ["5:memoryx:/x\n", "5:xmemory:/x\n", "5:name=memory:/x\n", "5:cpu:/memory\n"])
    func otherNames(text: String) { #expect(path(.one, text) == nil) }

    @Test("a list may have groups of both versions")
    func hybrid() {
        let text = "2:pids:/p\n4:memory:/m/n\n1:name=systemd:/s\n0::/u\n"
        #expect(path(.one, text) == "/m/n")
        #expect(path(.two, text) == "/u")
    }

    @Test("a path may contain colons and spaces, or be only the root")
    func oddPaths() {
        #expect(path(.two, "0::/a:b c:d\n") == "/a:b c:d")
        #expect(path(.one, "4:memory:/a:b\n") == "/a:b")
        #expect(path(.two, "0::/\n") == "/")
    }

    @Test(
        "a malformed list names no group",
        arguments: ["", "\n", "0", "0:", "0:\n", "4:memory", "4:memory\n0", "10::/x\n", "::\n"])
    func malformed(text: String) {
        #expect(path(.one, text) == nil)
        #expect(path(.two, text) == nil)
    }

    @Test("a limit is a number of bytes")
    func numbers() {
        #expect(byteCount("536870912\n") == 536_870_912)
        #expect(byteCount("0\n") == 0)
        #expect(byteCount("4096") == 4096)
    }

    @Test(
        "the word max, version 1's highest number, and malformed text mean no limit",
        arguments: [
            "max\n", "9223372036854771712\n", "9223372036854775807\n", "18446744073709551615\n",
            "99999999999999999999999\n", "-1\n", "", "\n",
        ])
    func noLimit(text: String) { #expect(byteCount(text) == nil) }
}

// swift-tools-version: 6.2
// The dependency lists below are the layers as they are (Sources/README.md); CTests/layers compares them
// with the imports. The release library is built from the same sources by the Makefile, as Embedded
// Swift; this package is for `swift test`.

import PackageDescription

let settings: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "win32memory",
    products: [
        .library(name: "win32memory", type: .dynamic, targets: ["Win32"])
    ],
    targets: [
        .target(
            name: "Win32",
            dependencies: [
                "AddressSpace", "LinuxKernel", "MemoryManager", "Exceptions", "CCallbacks",
                "CWin32",
            ],
            swiftSettings: settings),
        .target(
            name: "Exceptions",
            dependencies: ["AddressSpace", "LinuxKernel", "MemoryManager", "CCallbacks", "CWin32"],
            swiftSettings: settings),
        .target(
            name: "MemoryManager", dependencies: ["AddressSpace", "LinuxKernel", "CCallbacks"],
            swiftSettings: settings),
        .target(name: "AddressSpace", dependencies: ["CWords"], swiftSettings: settings),
        .target(
            name: "LinuxKernel", dependencies: ["AddressSpace", "CLinux"], swiftSettings: settings),
        .target(
            name: "CLinux", dependencies: ["CCallbacks"],
            cSettings: [
                .headerSearchPath("../../Include"), .headerSearchPath("../CCallbacks"),
                .unsafeFlags(["-fvisibility=hidden"]),
            ]),
        .systemLibrary(name: "CCallbacks"),
        .systemLibrary(name: "CWin32"),
        .systemLibrary(name: "CWords"),
        .testTarget(
            name: "AddressSpaceTests", dependencies: ["AddressSpace", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "LinuxKernelTests", dependencies: ["LinuxKernel"], swiftSettings: settings),
        .testTarget(
            name: "ExceptionsTests", dependencies: ["Exceptions", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "Win32DecodingTests",
            dependencies: ["AddressSpace", "CWin32", "MemoryManager", "Win32"],
            swiftSettings: settings),
        .testTarget(
            name: "MemoryManagerTests",
            // Win32 for the functions that CLinux calls.
            dependencies: [
                "MemoryManager", "LinuxKernel", "AddressSpace", "CLinux", "Win32", "CTestSupport",
                "TestSupport",
            ],
            swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["AddressSpace", "CTestSupport"],
            path: "Tests/TestSupport",
            swiftSettings: settings),
        .target(name: "CTestSupport", path: "Tests/CTestSupport"),
    ],
    swiftLanguageModes: [.v6]
)

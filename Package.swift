// swift-tools-version: 6.2
// SPDX-License-Identifier: GPL-2.0-or-later
import PackageDescription

/// Every Swift target is built with these: Swift 6 concurrency, memory safety spelt out, no warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

// Level 0: the C libraries, and what Swift's importer cannot see of Linux.
let cLibraries: [Target] = [
    .systemLibrary(name: "CPri", providers: [.apt(["libpri-dev"])]),
    .systemLibrary(name: "CSpanDSP", pkgConfig: "spandsp", providers: [.apt(["libspandsp-dev"])]),
    .target(name: "CLinux"),
    .target(name: "CPriTime"),
    .target(name: "CMediaRT", dependencies: ["CSpanDSP"]),
]

// Levels 1 to 3: values. No I/O, no clocks.
let values: [Target] = [
    module("ISDN"),
    module("SIPMessages"),
    module("SDP"),
    module("RTP"),
    module("LineProtocol", ["ISDN"]),
    module("SIPCore", ["SIPMessages"]),
    module("Routing", ["ISDN"]),
    module("CallControl", ["SIPMessages", "SDP", "ISDN", "LineProtocol", "Routing"]),
    module(
        "GatewayConfiguration",
        ["ISDN", "LineProtocol", "Routing", .product(name: "Yams", package: "Yams")]),
]

// Levels 4 to 6: the line program. No Foundation, NIO or OpenSSL.
let line: [Target] = [
    module("Spans", ["ISDN", "LineProtocol", "CLinux", "CSpanDSP"]),
    module("PRI", ["ISDN", "LineProtocol", "Spans", "CPri", "CPriTime", "CLinux"]),
    // As one unit in debug builds too: only so can the compiler prove that nothing on the media thread allocates.
    .target(
        name: "Media", dependencies: ["ISDN", "RTP", "LineProtocol", "Spans", "CMediaRT", "CLinux"],
        swiftSettings: strict + [
            .unsafeFlags(["-whole-module-optimization", "-num-threads", "1", "-disable-batch-mode"])
        ]),
    module("Line", ["ISDN", "LineProtocol", "Spans", "PRI", "Media", "CLinux"]),
    program("trunkgate-line", ["Line"]),
    program(
        "trunkgate-bench",
        ["ISDN", "SIPMessages", "RTP", "LineProtocol", "Routing", "Spans", "Media", "CLinux"]),
]

// Levels 4 to 7: the control program.
let control: [Target] = [
    module("SIPTransport", ["SIPMessages", "SIPCore", nioCore, nioPosix]),
    module("LineClient", ["LineProtocol", "CLinux", nioCore, nioPosix]),
    module(
        "Gateway",
        [
            "ISDN", "SIPMessages", "SDP", "SIPCore", "LineProtocol", "Routing", "CallControl",
            "GatewayConfiguration", "SIPTransport", "LineClient", nioCore, logging,
        ]),
    module("DemonstrationSwitch", ["ISDN", "LineProtocol", "LineClient", nioCore, logging]),
    module(
        "TestCaller",
        ["ISDN", "SIPMessages", "SDP", "RTP", "SIPCore", "SIPTransport", nioCore, nioPosix]),
    module(
        "Operations",
        [
            "ISDN", "SIPMessages", "LineProtocol", "CallControl", "GatewayConfiguration", "Gateway",
            "DemonstrationSwitch", "TestCaller", "SIPCore", "SIPTransport", nioCore, nioPosix, nioHTTP1, logging,
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "HTTPTypes", package: "swift-http-types"),
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "GRDB", package: "GRDB.swift"),
        ]),
    program("trunkgate", ["Operations"]),
]

let suites: [Target] = [
    tests("PackageTests", []),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    tests("ISDNTests", ["ISDN", "TestSupport"]),
    tests("SIPMessagesTests", ["SIPMessages"]),
    tests("SDPTests", ["SDP"]),
    tests("RTPTests", ["RTP", "CSpanDSP", "TestSupport"]),
    tests("LineProtocolTests", ["ISDN", "LineProtocol"]),
    tests("SIPCoreTests", ["SIPMessages", "SIPCore"]),
    tests("SIPTransportTests", ["SIPMessages", "SIPCore", "SIPTransport", nioCore, nioPosix]),
    tests("GatewayTests", ["ISDN", "SIPMessages", "LineProtocol", "Gateway"]),
    tests("DemonstrationSwitchTests", ["ISDN", "LineProtocol", "DemonstrationSwitch", nioCore, nioPosix, logging]),
    tests(
        "TestCallerTests",
        ["ISDN", "SIPMessages", "SDP", "RTP", "SIPCore", "SIPTransport", "TestCaller", nioCore, nioPosix]),
    tests("RoutingTests", ["ISDN", "Routing", "TestSupport"]),
    tests(
        "GatewayConfigurationTests", ["ISDN", "LineProtocol", "Routing", "GatewayConfiguration", "TestSupport"]),
    tests("CallControlTests", ["ISDN", "SIPMessages", "SDP", "LineProtocol", "CallControl", "TestSupport"]),
    tests("SystemTests", ["TestSupport"]),
    tests("SpansTests", ["ISDN", "LineProtocol", "Spans", "CLinux"]),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    tests(
        "MediaTests",
        ["ISDN", "RTP", "LineProtocol", "Spans", "Media", "CLinux", "CSpanDSP", "CAllocationCounter", "TestSupport"]),
    tests("LineTests", ["ISDN", "LineProtocol", "Line", "TestSupport"]),
    tests("LineClientTests", ["LineProtocol", "LineClient", nioCore, nioPosix]),
    tests(
        "OperationsTests",
        [
            "ISDN", "LineProtocol", "Operations", "Gateway", "CallControl", "DemonstrationSwitch", "TestCaller",
            nioCore,
            nioPosix, logging,
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "GRDB", package: "GRDB.swift"),
        ]),
    tests("PRITests", ["ISDN", "LineProtocol", "Spans", "PRI", "CLinux"]),
]

let package = Package(
    name: "trunkgate",
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: cLibraries + values + line + control + suites
)

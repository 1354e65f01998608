// swift-tools-version: 6.2

import Foundation
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// lld links the debug executable in three seconds where the default linker takes twenty-five.
let linker: [LinkerSetting] = [.unsafeFlags(["-use-ld=lld"])]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")

func capability(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], exclude: [String] = [])
    -> Target
{
    .testTarget(
        name: name,
        dependencies: dependencies,
        exclude: exclude,
        resources: resources,
        swiftSettings: settings,
        linkerSettings: linker
    )
}

var targets: [Target] = [
    // C libraries, as Debian packages them.
    .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(
        name: "CMarkGFM",
        pkgConfig: "libcmark-gfm",
        providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]
    ),

    // SHA-256 with the processor's instructions, two at once; no library has that.
    .target(name: "CSHA256"),
    // What Swift's Glibc module does not show of starting programs.
    .target(name: "CProcess"),

    // The protocol, from keys to a linked device. Pure up to WhatsAppWire.
    .target(name: "WhatsAppProtobufs", dependencies: [protobuf], exclude: ["Schema"]),
    capability("SignalProtocol", [crypto, cryptoExtras, protobuf, "CCrypto", "CSodium", "WhatsAppProtobufs"]),
    capability("Compression", ["CZlib"]),
    capability(
        "WhatsAppWire",
        [crypto, protobuf, "CCrypto", "SignalProtocol", "WhatsAppProtobufs", "Compression"]
    ),
    capability(
        "WhatsAppCrypto",
        [crypto, cryptoExtras, protobuf, "CCrypto", "CSHA256", "SignalProtocol", "WhatsAppProtobufs", "WhatsAppWire"]
    ),
    capability(
        "WhatsApp",
        [
            crypto, cryptoExtras, protobuf, nioCore, nioPosix, nioHTTP1, nioWebSocket, nioSSL, logging, metrics,
            "SignalProtocol", "WhatsAppWire", "WhatsAppCrypto", "WhatsAppProtobufs", "Compression", "HTTPClient",
        ]
    ),
    capability(
        "WhatsAppSandbox",
        [
            crypto, cryptoExtras, protobuf, nioCore, nioPosix, nioHTTP1, nioWebSocket, nioSSL, logging, lifecycle,
            "SignalProtocol", "WhatsAppWire", "WhatsAppCrypto", "WhatsAppProtobufs", "Compression",
        ]
    ),

    // Outer services.
    capability("HTTPClient", ["CCurl"]),
    capability("QRCodes", ["CQREncode", "CZlib"]),
    capability("Assistant", ["HTTPClient"]),
    capability("MediaTools", ["CProcess", logging, nioCore, nioPosix]),
    capability("Database", ["CLibPQ", crypto, logging, metrics, lifecycle]),

    // The product.
    capability("Settings", [logging]),
    capability("Observability", [logging, metrics]),
    capability("Mail", ["CCurl", logging]),
    capability(
        "Accounts",
        [crypto, cryptoExtras, nioPosix, logging, lifecycle, "CArgon2", "Database", "HTTPClient", "Mail"]
    ),
    capability(
        "Fleet",
        [
            crypto, nioCore, nioPosix, logging, metrics, lifecycle, protobuf, "Database", "WhatsApp", "WhatsAppWire",
            "WhatsAppCrypto", "WhatsAppProtobufs", "SignalProtocol", "QRCodes", "HTTPClient",
        ]
    ),
    capability(
        "Bots",
        [
            crypto, logging, metrics, lifecycle, "Accounts", "Assistant", "Database", "Fleet", "HTTPClient",
            "MediaTools", "QRCodes", nioPosix, "WhatsApp", "WhatsAppCrypto", "WhatsAppProtobufs", "WhatsAppWire",
        ]
    ),
    capability("Outreach", ["Accounts", "Database"]),
    capability(
        "Web",
        [
            hummingbird, hummingbirdCore, httpTypes, nioCore, nioPosix, nioHTTP1, nioWebSocket, logging, metrics,
            lifecycle, crypto,
            .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            .product(name: "Mustache", package: "swift-mustache"),
            "CMarkGFM", "Compression", "QRCodes", "Database", "WhatsApp", "WhatsAppWire", "Fleet", "Bots", "Outreach",
            "Accounts", "Mail", "Observability",
        ]
    ),
    .executableTarget(
        name: "wharf",
        dependencies: [
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            nioCore, nioPosix, logging, metrics, lifecycle, crypto, protobuf, "WhatsAppWire", "WhatsAppProtobufs",
            "SignalProtocol", "Settings", "Observability", "Database", "WhatsApp", "WhatsAppSandbox", "Fleet", "Web",
            "QRCodes", "HTTPClient", "Accounts", "Assistant", "Mail", "MediaTools", "Bots", "Outreach",
        ],
        swiftSettings: settings,
        linkerSettings: linker
    ),

    // Shared by tests; no product target imports it.
    .target(
        name: "WharfTestSupport",
        dependencies: [
            nioCore, nioPosix, logging, lifecycle, protobuf, "Database", "WhatsApp", "WhatsAppSandbox",
            "WhatsAppWire", "WhatsAppCrypto", "WhatsAppProtobufs", "SignalProtocol", "HTTPClient",
        ],
        path: "Tests/WharfTestSupport",
        swiftSettings: settings
    ),
    // Signal by an implementation that shares no code with ours, to test against.
    .target(
        name: "CSignalPeer",
        path: "Tests/CSignalPeer",
        linkerSettings: [.linkedLibrary("signal-protocol-c"), .linkedLibrary("crypto")]
    ),
    tests(
        "SignalProtocolTests",
        ["SignalProtocol", "CSignalPeer", "WhatsAppProtobufs", crypto, protobuf],
        resources: [.copy("Fixtures")]
    ),
    tests(
        "WhatsAppCryptoTests",
        ["WhatsAppCrypto", "SignalProtocol", "WhatsAppWire", "WhatsAppProtobufs", "Compression", crypto, protobuf],
        resources: [.copy("Fixtures")]
    ),
    tests(
        "WhatsAppWireTests",
        ["WhatsAppWire", "SignalProtocol", "WhatsAppProtobufs", "Compression", crypto, protobuf],
        resources: [.copy("Fixtures")]
    ),
    tests(
        "WhatsAppTests",
        [
            "WhatsApp", "WhatsAppWire", "WhatsAppCrypto", "SignalProtocol", "WhatsAppProtobufs", "Compression",
            "HTTPClient", "WharfTestSupport", nioCore, nioPosix, nioHTTP1, crypto, protobuf, logging,
        ],
        resources: [.copy("Fixtures")]
    ),
    tests(
        "WhatsAppSandboxTests",
        [
            "WhatsAppSandbox", "WhatsApp", "WhatsAppWire", "WhatsAppCrypto", "SignalProtocol", "WhatsAppProtobufs",
            "WharfTestSupport", "Compression", "HTTPClient", crypto, cryptoExtras, protobuf, nioCore, nioPosix,
            nioHTTP1, nioWebSocket, nioSSL, logging, lifecycle,
        ]
    ),
    tests("DatabaseTests", ["Database", "WharfTestSupport", logging, metrics, lifecycle]),
    tests(
        "AccountsTests",
        ["Accounts", "Mail", "Database", "HTTPClient", "WharfTestSupport", crypto, cryptoExtras, logging, lifecycle]
    ),
    tests(
        "FleetTests",
        [
            "Fleet", "Database", "WhatsApp", "WhatsAppWire", "WhatsAppCrypto", "WhatsAppProtobufs", "SignalProtocol",
            "WhatsAppSandbox", "WharfTestSupport", "QRCodes", "HTTPClient", protobuf, crypto, logging, metrics,
            lifecycle, nioCore, nioPosix,
        ]
    ),
    tests("AssistantTests", ["Assistant", "HTTPClient", nioCore, nioPosix]),
    tests("MediaToolsTests", ["MediaTools", "WhatsApp", "WharfTestSupport", logging, nioCore, nioPosix]),
    tests(
        "BotsTests",
        [
            "Bots", "Accounts", "Assistant", "Fleet", "Database", "MediaTools", "WhatsApp", "WhatsAppSandbox",
            "WharfTestSupport", "HTTPClient", "WhatsAppCrypto", "WhatsAppProtobufs", "WhatsAppWire", "SignalProtocol",
            logging, lifecycle, nioCore,
            nioPosix, crypto, protobuf,
        ]
    ),
    tests("OutreachTests", ["Outreach", "Accounts", "Database", "WharfTestSupport"]),
    tests(
        "WebTests",
        [
            "Web", "Bots", "Outreach", "Fleet", "Accounts", "Mail", "Database", "WhatsApp", "WhatsAppSandbox",
            "WharfTestSupport",
            "Observability", "Settings", "Compression", "HTTPClient", "SignalProtocol", crypto,
            hummingbird, httpTypes, logging, lifecycle, metrics, nioCore, nioPosix, nioHTTP1,
            nioWebSocket,
            .product(name: "HummingbirdTesting", package: "hummingbird"),
        ]
    ),
    tests(
        "EndToEndTests",
        [
            "WharfTestSupport", "WhatsApp", "WhatsAppSandbox", "WhatsAppWire", "WhatsAppCrypto", "SignalProtocol",
            "WhatsAppProtobufs", "Database", "Fleet", "HTTPClient", "Compression", "wharf", logging, lifecycle, nioCore,
            nioPosix, protobuf, crypto,
        ],
        exclude: ["Browser"]
    ),
]

/// `WHARF_TESTS=WhatsAppTests,FleetTests` builds and runs those test targets alone.
if let wanted = ProcessInfo.processInfo.environment["WHARF_TESTS"]?.split(separator: ",").map(String.init) {
    targets.removeAll { $0.type == .test && !wanted.contains($0.name) }
}

if ProcessInfo.processInfo.environment["WHARF_BENCHMARKS"] != nil {
    targets.append(
        .executableTarget(
            name: "wharf-benchmarks",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                nioCore, nioPosix, nioHTTP1, nioWebSocket, logging, lifecycle, crypto, protobuf, "SignalProtocol",
                "WhatsAppProtobufs", "WhatsAppWire", "WhatsAppCrypto", "WhatsApp", "WhatsAppSandbox", "Fleet",
                "Database", "Web", "HTTPClient", "Compression", "Accounts", "Bots", "Mail", "MediaTools",
            ],
            path: "Benchmarks",
            swiftSettings: settings,
            linkerSettings: linker
        )
    )
}

let package = Package(
    name: "wharf",
    products: [.executable(name: "wharf", targets: ["wharf"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: targets,
    swiftLanguageModes: [.v6]
)

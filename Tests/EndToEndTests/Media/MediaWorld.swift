import Foundation
import HTTPClient
import Testing
import WhatsApp
import WhatsAppCrypto
import WhatsAppSandbox

/// A session that sends and fetches media, with a folder of its own.
struct MediaWorld {
    let world: SandboxWorld
    let ada: RunningSession
    let folder: URL
    let transfers: MediaTransfers
    let connect: MediaTransfers.Connect

    var session: Session { ada.session }

    static func run(_ body: (MediaWorld) async throws -> Void) async throws {
        try await SandboxWorld.run { world in
            let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-media-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let ada = try await world.person(SandboxWorld.number, name: "Ada")
            let session = ada.session
            let transfers = MediaTransfers(
                http: session.http,
                scheme: world.service.mediaScheme,
                folder: folder,
                gates: [TransferGate(limit: 4)],
                clock: InstantClock()
            )
            let connect: MediaTransfers.Connect = { refused throws(MediaError) in
                try await session.mediaConnection(refusing: refused)
            }
            try await body(
                MediaWorld(world: world, ada: ada, folder: folder, transfers: transfers, connect: connect)
            )
            await session.stop()
        }
    }

    /// Files in the folder, by name.
    var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    /// Content that does not repeat within a block.
    static func content(_ length: Int) -> [UInt8] {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            for index in 0..<length {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                buffer[index] = UInt8(truncatingIfNeeded: state >> 56)
            }
            count = length
        }
    }

    func upload(_ content: [UInt8], kind: MediaKind = .image) async throws -> MediaReference {
        let media = try await transfers.upload(.bytes(content), kind: kind, now: Date(), connect: connect)
        return MediaReference(media, kind: kind)
    }
}

extension MediaReference {
    /// What the message with an uploaded file says.
    init(_ media: UploadedMedia, kind: MediaKind) {
        self.init(
            kind: kind,
            mediaKey: media.isEncrypted ? media.mediaKey : nil,
            directPath: media.directPath,
            url: media.url,
            hash: media.fileSHA256,
            encryptedHash: media.isEncrypted ? media.fileEncSHA256 : nil,
            length: media.fileLength
        )
    }
}

/// A clock on which every wait is over at once.
struct InstantClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    var now: Instant { Instant(offset: .zero) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
    }
}

import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppSandbox

@Suite(.timeLimit(.minutes(4)))
struct MediaTests {
    @Test func everyKindComesBack() async throws {
        try await MediaWorld.run { media in
            let content = MediaWorld.content(70_001)
            for kind in [MediaKind.image, .sticker, .video, .gif, .audio, .voiceNote, .document, .history, .appState] {
                let uploaded = try await media.session.upload(.bytes(content), kind: kind)
                #expect(uploaded.fileLength == 70_001)
                #expect((uploaded.streamingSidecar != nil) == kind.isStreamed)
                #expect(uploaded.directPath.contains("?"))
                let reference = MediaReference(uploaded, kind: kind)
                #expect(try await media.session.download(reference, limit: 70_001) == content)
            }
        }
    }

    @Test func longFileGoesThroughTheDisk() async throws {
        try await MediaWorld.run { media in
            let content = MediaWorld.content(12_000_003)
            let source = media.folder.appending(path: "source")
            try Data(content).write(to: source)
            let uploaded = try await media.transfers.upload(
                .file(source),
                kind: .document,
                now: Date(),
                connect: media.connect
            )
            let target = media.folder.appending(path: "target")
            let length = try await media.transfers.download(
                MediaReference(uploaded, kind: .document),
                to: target,
                limit: 1 << 30,
                connect: media.connect
            )
            #expect(length == 12_000_003)
            #expect(try Data(contentsOf: target) == Data(content))
            try await eventually { try media.files == ["source", "target"] }
        }
    }

    @Test func uploadThatBreaksGoesOn() async throws {
        try await MediaWorld.run { media in
            let content = MediaWorld.content(9_000_000)
            try await media.world.sandbox.inject(.media(.cutUpload))
            let reference = try await media.upload(content, kind: .video)
            #expect(try await media.session.download(reference, limit: 9_000_000) == content)
        }
    }

    @Test func downloadThatBreaksGoesOn() async throws {
        try await MediaWorld.run { media in
            let content = MediaWorld.content(900_000)
            let reference = try await media.upload(content)
            try await media.world.sandbox.inject(.media(.cut), times: 2)
            let back = try await media.transfers.download(reference, limit: 900_000, connect: media.connect)
            #expect(back == content)
            #expect(try await media.world.sandbox.faults().isEmpty)
        }
    }

    @Test func fileThatWasChangedIsRefused() async throws {
        try await MediaWorld.run { media in
            let content = MediaWorld.content(100_000)
            let reference = try await media.upload(content)
            let target = media.folder.appending(path: "target")
            try await media.world.sandbox.inject(.media(.corrupt))
            await #expect(throws: MediaError.corrupt(.wrongEncryptedHash)) {
                try await media.session.download(reference, to: target)
            }
            try await media.world.sandbox.inject(.media(.corrupt))
            var unhashed = reference
            unhashed.encryptedHash = nil
            await #expect(throws: MediaError.corrupt(.wrongMAC)) {
                try await media.session.download(unhashed, to: target)
            }
            try await eventually { try media.files.isEmpty }
            #expect(try await media.session.download(reference, to: target) == 100_000)
        }
    }

    @Test func messageThatLiesIsNoticed() async throws {
        try await MediaWorld.run { media in
            let reference = try await media.upload(MediaWorld.content(1_000))
            var lying = reference
            lying.length = 999
            await #expect(throws: MediaError.corrupt(.wrongLength(declared: 999, actual: 1_000))) {
                try await media.session.download(lying, limit: 2_000)
            }
            lying.length = 2_001
            await #expect(throws: MediaError.tooLarge(limit: 2_000)) {
                try await media.session.download(lying, limit: 2_000)
            }
            lying.length = nil
            await #expect(throws: MediaError.tooLarge(limit: 900)) {
                try await media.session.download(lying, limit: 900)
            }
            lying = reference
            lying.mediaKey = [1, 2]
            await #expect(throws: MediaError.corrupt(.invalidKeyLength(2))) {
                try await media.session.download(lying, limit: 2_000)
            }
        }
    }

    @Test(arguments: ["@evil.example/x", "v/x", "/v/x y", "/v/\r\nHost: x", ""])
    func pathThatLeadsElsewhereIsRefused(_ path: String) async throws {
        try await MediaWorld.run { media in
            let reference = MediaReference(kind: .image, mediaKey: [UInt8](repeating: 0, count: 32), directPath: path)
            await #expect(throws: MediaError.invalidReference(field: "direct_path")) {
                try await media.session.download(reference, limit: 1_000)
            }
        }
    }

    @Test func addressOfAnotherHostIsNotFollowed() async throws {
        try await MediaWorld.run { media in
            let key = [UInt8](repeating: 0, count: 32)
            for url in ["http://127.0.0.1:1/v/x", "http://mmg.whatsapp.net.evil.example/v/x", "file:///etc/passwd"] {
                let reference = MediaReference(kind: .image, mediaKey: key, directPath: nil, url: url)
                await #expect(throws: MediaError.invalidReference(field: "url")) {
                    try await media.session.download(reference, limit: 1_000)
                }
            }
        }
    }

    @Test func channelMediaAreNotEncrypted() async throws {
        try await MediaWorld.run { media in
            let content = MediaWorld.content(5_000)
            var options = UploadOptions()
            options.isForNewsletter = true
            let uploaded = try await media.session.upload(.bytes(content), kind: .image, options: options)
            #expect(!uploaded.isEncrypted)
            #expect(uploaded.fileEncSHA256.isEmpty)
            #expect(uploaded.handle != nil)
            let reference = MediaReference(uploaded, kind: .image)
            #expect(try await media.session.download(reference, limit: 5_000) == content)
            try await media.world.sandbox.inject(.media(.corrupt))
            await #expect(throws: MediaError.corrupt(.wrongHash)) {
                try await media.session.download(reference, limit: 5_000)
            }
        }
    }

    @Test func historyIsDeletedAfterReading() async throws {
        try await MediaWorld.run { media in
            let reference = try await media.upload([1, 2, 3], kind: .history)
            try await media.session.deleteHistory(reference, handle: "h/1", secret: "nonce")
            await #expect(throws: MediaError.gone) { try await media.session.download(reference, limit: 10) }
            try await media.session.deleteHistory(reference)
        }
    }
}

import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppCrypto
import WhatsAppSandbox
import WhatsAppWire

@Suite(.timeLimit(.minutes(4)))
struct MediaFaultTests {
    @Test func refusedAuthorizationIsRenewedOnce() async throws {
        try await MediaWorld.run { media in
            _ = try await media.upload([1])
            try await media.world.sandbox.revokeMediaAuthorizations()
            let reference = try await media.upload([2])
            #expect(try await media.session.download(reference, limit: 1) == [2])
            try await media.world.sandbox.inject(.media(.refuseUpload(status: 401)), times: 2)
            await #expect(throws: MediaError.refused(status: 401)) { try await media.upload([3]) }
        }
    }

    @Test func serviceThatIsTiredIsAskedAgain() async throws {
        try await MediaWorld.run { media in
            try await media.world.sandbox.inject(.media(.refuseUpload(status: 503)), times: 2)
            _ = try await media.upload([1])
            try await media.world.sandbox.inject(.media(.refuseUpload(status: 503)), times: 3)
            await #expect(throws: MediaError.unavailable(status: 503)) { try await media.upload([2]) }
            try await media.world.sandbox.inject(.media(.refuseUpload(status: 415)))
            await #expect(throws: MediaError.refused(status: 415)) { try await media.upload([3]) }
            #expect(try await media.world.sandbox.faults().isEmpty)
        }
    }

    @Test func whatOneHostDoesNotTakeTheNextDoes() async throws {
        try await MediaWorld.run { media in
            var connection = try await media.connect(nil)
            let good = try #require(connection.hosts.first)
            var dead = good
            dead.name = "127.0.0.1:1"
            var small = good
            small.maximumLength = 10
            connection.hosts = [dead, small, good]
            let hosts = connection
            let connect: MediaTransfers.Connect = { _ throws(MediaError) in hosts }
            let content = MediaWorld.content(2_000)
            let uploaded = try await media.transfers.upload(
                .bytes(content),
                kind: .image,
                now: Date(),
                connect: connect
            )
            let reference = MediaReference(uploaded, kind: .image)
            let back = try await media.transfers.download(reference, limit: 2_000, connect: connect)
            #expect(back == content)
            var none = hosts
            none.hosts = [dead]
            let nobody = none
            await #expect(throws: MediaError.self) {
                try await media.transfers.download(reference, limit: 2_000) { _ throws(MediaError) in nobody }
            }
        }
    }

    @Test func missingAndSlowFilesAreToldApart() async throws {
        try await MediaWorld.run { media in
            let content = MediaWorld.content(200_000)
            let reference = try await media.upload(content)
            try await media.world.sandbox.inject(.media(.missing))
            await #expect(throws: MediaError.gone) { try await media.session.download(reference, limit: 200_000) }
            try await media.world.sandbox.inject(.media(.slow(milliseconds: 5)))
            #expect(try await media.session.download(reference, limit: 200_000) == content)
        }
    }

    @Test func phoneUploadsAgainWhatTheServersHaveLost() async throws {
        try await MediaWorld.run { media in
            let content = MediaWorld.content(3_000)
            let reference = try await media.upload(content)
            let key = try #require(reference.mediaKey)
            let path = try #require(reference.directPath)
            let chat = JID(user: "15550002222", server: .user)
            let origin = MediaOrigin(messageID: "3EB0AA", chat: chat, isFromMe: false)
            try await media.world.sandbox.keepMedia(
                key,
                directPath: path,
                messageID: "3EB0AA",
                at: SandboxWorld.number
            )
            #expect(try await media.world.sandbox.vanishMedia(at: path))
            await #expect(throws: MediaError.gone) { try await media.session.download(reference, limit: 3_000) }
            #expect(try await media.session.download(reference, limit: 3_000, origin: origin) == content)
        }
    }

    @Test func fileThatThePhoneHasLostTooIsGone() async throws {
        try await MediaWorld.run { media in
            let reference = try await media.upload([1, 2, 3])
            let path = try #require(reference.directPath)
            #expect(try await media.world.sandbox.vanishMedia(at: path))
            let origin = MediaOrigin(messageID: "3EB0BB", chat: JID(user: "15550002222", server: .user), isFromMe: true)
            let key = try #require(reference.mediaKey)
            #expect(await media.session.requestMediaRetry(of: key, from: origin) == .notFound)
            await #expect(throws: MediaError.gone) {
                try await media.session.download(reference, limit: 10, origin: origin)
            }
        }
    }

    @Test func cancelledDownloadLeavesNothing() async throws {
        try await MediaWorld.run { media in
            let reference = try await media.upload(MediaWorld.content(400_000))
            try await media.world.sandbox.inject(.media(.slow(milliseconds: 60_000)))
            let target = media.folder.appending(path: "target")
            let session = media.session
            let task = Task { try await session.download(reference, to: target) }
            try await eventually { try media.files.contains { $0.hasPrefix("target.part-") } }
            task.cancel()
            await #expect(throws: MediaError.cancelled) { try await task.value }
            try await eventually { try media.files.isEmpty }
        }
    }

    @Test func manyTransfersAtOnceAllArrive() async throws {
        try await MediaWorld.run { media in
            let session = media.session
            try await withThrowingTaskGroup { group in
                for number in 0..<30 {
                    group.addTask {
                        let content = MediaWorld.content(20_000 + number)
                        let uploaded = try await session.upload(.bytes(content), kind: .image)
                        let back = try await session.download(MediaReference(uploaded, kind: .image), limit: 30_000)
                        #expect(back == content)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func sourceThatIsTooLongOrMissingIsRefused() async throws {
        try await MediaWorld.run { media in
            var options = UploadOptions()
            options.limit = 2
            await #expect(throws: MediaError.tooLarge(limit: 2)) {
                try await media.session.upload(.bytes([1, 2, 3]), kind: .image, options: options)
            }
            await #expect(throws: MediaError.file(errno: ENOENT)) {
                try await media.session.upload(.file(media.folder.appending(path: "absent")), kind: .image)
            }
            await #expect(throws: MediaError.file(errno: EINVAL)) {
                try await media.session.upload(.file(URL(filePath: "/dev/zero")), kind: .image)
            }
        }
    }
}

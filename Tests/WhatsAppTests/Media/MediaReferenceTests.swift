import Foundation
import Testing
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs

struct MediaReferenceTests {
    private var image: WAMessage {
        var message = WAMessage()
        message.imageMessage.directPath = "/v/x?y"
        message.imageMessage.mediaKey = Data(repeating: 1, count: 32)
        message.imageMessage.fileSha256 = Data([2])
        message.imageMessage.fileEncSha256 = Data([3])
        message.imageMessage.fileLength = 4
        return message
    }

    @Test func fileOfAMessageIsRead() {
        let reference = MediaReference(message: image)
        #expect(reference?.kind == .image)
        #expect(reference?.mediaKey == [UInt8](repeating: 1, count: 32))
        #expect(reference?.directPath == "/v/x?y")
        #expect(reference?.hash == [2])
        #expect(reference?.encryptedHash == [3])
        #expect(reference?.length == 4)
        #expect(reference?.url == nil)
    }

    @Test func fileInsideWrappersIsFound() {
        var once = WAMessage()
        once.viewOnceMessageV2.message = image
        var ephemeral = WAMessage()
        ephemeral.ephemeralMessage.message = once
        var sent = WAMessage()
        sent.deviceSentMessage.message = ephemeral
        #expect(MediaReference(message: sent) == MediaReference(message: image))
    }

    @Test func wrappersWithoutEndAreLeft() {
        var message = image
        for _ in 0..<40 {
            var outer = WAMessage()
            outer.ephemeralMessage.message = message
            message = outer
        }
        #expect(MediaReference(message: message) == nil)
    }

    @Test func everyKindIsToldApart() {
        func kind(_ change: (inout WAMessage) -> Void) -> MediaKind? {
            var message = WAMessage()
            change(&message)
            return MediaReference(message: message)?.kind
        }
        #expect(kind { $0.videoMessage.url = "x" } == .video)
        #expect(kind { $0.videoMessage.gifPlayback = true } == .gif)
        #expect(kind { $0.ptvMessage.url = "x" } == .videoNote)
        #expect(kind { $0.audioMessage.url = "x" } == .audio)
        #expect(kind { $0.audioMessage.ptt = true } == .voiceNote)
        #expect(kind { $0.documentMessage.url = "x" } == .document)
        #expect(kind { $0.stickerMessage.url = "x" } == .sticker)
        #expect(kind { $0.stickerPackMessage.name = "x" } == .stickerPack)
        #expect(kind { $0.conversation = "x" } == nil)
    }
}

import Foundation
import WhatsApp
import WhatsAppWire

/// What the tests of messages share: invented people and a fixed time.
enum MessageFixtures {
    static let own = JID(user: "15550000", server: .user)
    static let peer = JID(user: "15551111", server: .user)
    static let group = JID(user: "120363000000000001", server: .group)
    static let now = Date(timeIntervalSince1970: 1_800_000_000)

    static func builder(chat: JID = peer, expiration: UInt32? = nil) -> MessageBuilder {
        MessageBuilder(chat: chat, own: own, now: now, expiration: expiration, expirationSetAt: now - 60)
    }

    static func media(isEncrypted: Bool = true) -> UploadedMedia {
        UploadedMedia(
            url: "https://mmg.whatsapp.net/v/a?x=1",
            directPath: "/v/a?x=1",
            mediaKey: isEncrypted ? [UInt8](repeating: 1, count: 32) : [],
            fileSHA256: [UInt8](repeating: 2, count: 32),
            fileEncSHA256: isEncrypted ? [UInt8](repeating: 3, count: 32) : [],
            fileLength: 1_234,
            uploadedAt: now,
            streamingSidecar: [4, 5],
            thumbnail: [0xff, 0xd8]
        )
    }

    static func target(chat: JID = peer, isFromMe: Bool = true, author: JID? = nil) -> MessageTarget {
        MessageTarget(chat: chat, id: "3EB0AA", isFromMe: isFromMe, author: author, timestamp: now - 60)
    }
}

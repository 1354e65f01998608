import Foundation
import WhatsAppProtobufs

/// The files that a phone has, by the messages that they came with.
struct KeptMedia: Sendable {
    static let capacity = 10_000

    struct File: Sendable, Equatable {
        let mediaKey: [UInt8]
        let directPath: String

        init(mediaKey: [UInt8], directPath: String) {
            self.mediaKey = mediaKey
            self.directPath = directPath
        }

        /// The file of a message; nil when it has none.
        init?(_ message: WAMessage) {
            let found: (key: Data, path: String) =
                if message.hasImageMessage {
                    (message.imageMessage.mediaKey, message.imageMessage.directPath)
                } else if message.hasVideoMessage {
                    (message.videoMessage.mediaKey, message.videoMessage.directPath)
                } else if message.hasPtvMessage {
                    (message.ptvMessage.mediaKey, message.ptvMessage.directPath)
                } else if message.hasAudioMessage {
                    (message.audioMessage.mediaKey, message.audioMessage.directPath)
                } else if message.hasDocumentMessage {
                    (message.documentMessage.mediaKey, message.documentMessage.directPath)
                } else if message.hasDocumentWithCaptionMessage {
                    (
                        message.documentWithCaptionMessage.message.documentMessage.mediaKey,
                        message.documentWithCaptionMessage.message.documentMessage.directPath
                    )
                } else {
                    (message.stickerMessage.mediaKey, message.stickerMessage.directPath)
                }
            guard found.key.count == 32, !found.path.isEmpty else { return nil }
            self.init(mediaKey: Array(found.key), directPath: found.path)
        }
    }

    private var files: [String: File] = [:]
    private var order: [String] = []

    init() {}

    subscript(messageID: String) -> File? { files[messageID] }

    /// The oldest gives way.
    mutating func remember(_ file: File, messageID: String) {
        if files.updateValue(file, forKey: messageID) == nil { order.append(messageID) }
        if order.count > Self.capacity { files[order.removeFirst()] = nil }
    }
}

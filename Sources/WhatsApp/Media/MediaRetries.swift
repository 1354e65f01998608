internal import Foundation
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
package import WhatsAppWire

/// The message that a file came with; the own phone is asked by it to upload the file again.
package struct MediaOrigin: Sendable, Equatable {
    package var messageID: String
    package var chat: JID
    package var isFromMe: Bool
    /// The author, in groups.
    package var participant: JID?
    /// Media of the account's own devices, such as pieces of history.
    package var isPeer: Bool

    package init(messageID: String, chat: JID, isFromMe: Bool, participant: JID? = nil, isPeer: Bool = false) {
        self.messageID = messageID
        self.chat = chat
        self.isFromMe = isFromMe
        self.participant = participant
        self.isPeer = isPeer
    }
}

/// What the own phone has answered.
package enum MediaRetryResult: Sendable, Equatable {
    /// The file is there again, under this direct path.
    case uploaded(directPath: String)
    /// The phone does not have it any more either.
    case notFound
    case failed
}

/// The stanzas of a request to upload again.
enum MediaRetryStanza {
    /// Wire form: `<receipt id to=OWN type="server-error" [category="peer"]><encrypt><enc_p/><enc_iv/></encrypt>
    /// <rmr jid from_me [participant]/></receipt>`.
    static func request(_ sealed: MediaRetryCipher.Sealed, origin: MediaOrigin, own: JID) -> BinaryNode {
        var receipt = BinaryNode(
            "receipt",
            ["id": .text(origin.messageID), "to": .jid(own.withoutDevice), "type": "server-error"]
        )
        if origin.isPeer { receipt.attributes["category"] = "peer" }
        var rmr = BinaryNode(
            "rmr",
            ["jid": .jid(origin.chat.withoutDevice), "from_me": origin.isFromMe ? "true" : "false"]
        )
        if let participant = origin.participant { rmr.attributes["participant"] = .jid(participant.withoutDevice) }
        receipt.content = .nodes([
            BinaryNode(
                "encrypt",
                children: [
                    BinaryNode("enc_p", bytes: sealed.payload),
                    BinaryNode("enc_iv", bytes: sealed.initializationVector),
                ]
            ),
            rmr,
        ])
        return receipt
    }

    /// Reads the answer to a request; anything unreadable counts as failed.
    static func result(_ notification: BinaryNode, mediaKey: [UInt8], messageID: String) -> MediaRetryResult {
        guard let encrypted = notification.child("encrypt") else {
            return notification.child("error")?.attributes.integer("code", as: Int.self) == 2 ? .notFound : .failed
        }
        guard
            let payload = encrypted.child("enc_p")?.bytes, let vector = encrypted.child("enc_iv")?.bytes,
            let cipher = try? MediaRetryCipher(mediaKey: mediaKey, messageID: messageID),
            let answer = try? cipher.answer(
                from: MediaRetryCipher.Sealed(payload: payload, initializationVector: vector)
            )
        else { return .failed }
        switch answer.result {
        case .success where MediaAddress.isPath(answer.directPath): return .uploaded(directPath: answer.directPath)
        case .notFound: return .notFound
        default: return .failed
        }
    }
}

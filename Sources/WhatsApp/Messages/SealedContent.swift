internal import Foundation
internal import SwiftProtobuf
package import WhatsAppCrypto
package import WhatsAppProtobufs
package import WhatsAppWire

/// Something about a message that opens with that message's secret alone.
package struct SealedContent: Sendable, Equatable {
    package var use: AddOnUse
    package var target: MessageReference
    package var sealed: SealedAddOn
    /// When a vote was given, in milliseconds; 0 where it is not told.
    package var timestamp: Int64

    init?(_ message: WAMessage, _ field: ContentField?) {
        guard let target = message.targetReference(field) else { return nil }
        self.target = target
        timestamp = 0
        switch field {
        case .pollUpdate:
            use = .pollVote
            let vote = message.pollUpdateMessage.vote
            sealed = SealedAddOn(payload: Array(vote.encPayload), nonce: Array(vote.encIv))
            timestamp = message.pollUpdateMessage.senderTimestampMs
        case .eventResponse:
            use = .eventResponse
            let response = message.encEventResponseMessage
            sealed = SealedAddOn(payload: Array(response.encPayload), nonce: Array(response.encIv))
        case .sealedReaction:
            use = .reaction
            let reaction = message.encReactionMessage
            sealed = SealedAddOn(payload: Array(reaction.encPayload), nonce: Array(reaction.encIv))
        case .sealedComment:
            use = .comment
            let comment = message.encCommentMessage
            sealed = SealedAddOn(payload: Array(comment.encPayload), nonce: Array(comment.encIv))
        case .secretEncrypted:
            let edit = message.secretEncryptedMessage
            guard let use = AddOnUse(edit.secretEncType) else { return nil }
            self.use = use
            sealed = SealedAddOn(payload: Array(edit.encPayload), nonce: Array(edit.encIv))
        default: return nil
        }
    }

    /// What was inside.
    package enum Opened: Sendable {
        /// Hashes of all options that are chosen now.
        case vote([[UInt8]])
        case eventResponse(EventAnswer?, guests: Int)
        case reaction(String)
        case comment(WAMessage)
        /// The new content of the target.
        case edit(WAMessage)
    }

    /// Opens it with the secret of the target.
    ///
    /// `pairs` are the author of the target and the writer of this, in each namespace that they may have used.
    package func open(secret: [UInt8], pairs: [(author: JID, modifier: JID)]) throws(AddOnError) -> Opened {
        let plaintext: [UInt8]
        do {
            plaintext = try AddOnKey.open(sealed, secret: secret, target: target.id, pairs: pairs, use: use)
        } catch .notAuthentic where use == .pollAddOption {
            plaintext = try AddOnKey.open(sealed, secret: secret, target: target.id, pairs: pairs, use: .pollEdit)
        }
        do {
            return try content(plaintext)
        } catch {
            throw .malformed
        }
    }

    private func content(_ plaintext: [UInt8]) throws -> Opened {
        switch use {
        case .pollVote:
            let options = try WAPollVoteMessage(serializedBytes: plaintext).selectedOptions
            return .vote(options.prefix(MessageContent.choiceLimit).filter { $0.count == 32 }.map { Array($0) })
        case .eventResponse:
            let response = try WAEventResponseMessage(serializedBytes: plaintext)
            let answer: EventAnswer? =
                switch response.response {
                case .going: .going
                case .notGoing: .notGoing
                case .maybe: .maybe
                case .unknown: nil
                }
            return .eventResponse(answer, guests: max(0, Int(response.extraGuestCount)))
        case .reaction:
            let text = try WAReactionMessage(serializedBytes: plaintext).text
            return .reaction(text.utf8.count <= 64 ? text : "")
        case .comment:
            return .comment(try WAMessage(serializedBytes: plaintext))
        case .eventEdit, .messageEdit, .pollEdit, .pollAddOption, .botMessage:
            return .edit(try WAMessage(serializedBytes: plaintext))
        }
    }
}

extension AddOnUse {
    fileprivate init?(_ type: WASecretEncryptedMessage.SecretEncType) {
        switch type {
        case .eventEdit: self = .eventEdit
        case .messageEdit: self = .messageEdit
        case .pollEdit: self = .pollEdit
        case .pollAddOption: self = .pollAddOption
        case .messageSchedule, .unknown: return nil
        }
    }
}

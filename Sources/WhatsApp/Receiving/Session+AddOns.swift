internal import Foundation
internal import SwiftProtobuf
package import WhatsAppCrypto
internal import WhatsAppProtobufs
package import WhatsAppWire

extension Session {
    /// Takes the answer of a bot (`msmsg`): encrypted under the secret of the message that it answers.
    func acceptBotMessage(_ bytes: ArraySlice<UInt8>, _ node: BinaryNode, _ envelope: MessageEnvelope) async throws {
        guard let sealed = try? WAMessageSecretMessage(serializedBytes: Array(bytes)), let meta = node.child("meta"),
            let target = meta.attributes.text("target_id"),
            let author = meta.attributes.jid("target_sender_jid")?.withoutDevice
        else { return acknowledge(node, error: 491) }
        guard let secret = try await secret(of: target, author: author, in: envelope.chat) else {
            return acknowledge(node, error: 495)
        }
        let editTarget = node.child("bot")?.attributes.text("edit_target_id")
        let key = AddOnKey(
            secret: BotSecret.derive(from: secret),
            target: editTarget ?? target,
            author: author,
            modifier: envelope.sender,
            use: .botMessage
        )
        guard
            let plaintext = try? key.open(
                SealedAddOn(payload: Array(sealed.encPayload), nonce: Array(sealed.encIv))
            )
        else { return acknowledge(node, error: 495) }
        _ = try await accept(plaintext, isUnpadded: true, node, envelope)
    }

    /// Opens what somebody has added to a message under that message's secret: a vote, an answer, a secret edit.
    ///
    /// Nil where the secret is not known or the payload is not authentic.
    package func open(
        _ sealed: SealedAddOn,
        use: AddOnUse,
        target: String,
        author: JID,
        modifier: JID,
        in chat: JID
    ) async throws(RequestError) -> [UInt8]? {
        let secret: [UInt8]?
        do {
            secret = try await self.secret(of: target, author: author, in: chat)
        } catch {
            throw .store(error)
        }
        guard let secret else { return nil }
        var pairs: [(author: JID, modifier: JID)] = []
        if let left = try await lid(of: author), let right = try await lid(of: modifier) { pairs.append((left, right)) }
        if let left = try await phone(of: author), let right = try await phone(of: modifier) {
            pairs.append((left, right))
        }
        pairs.append((author, modifier))
        return try? AddOnKey.open(sealed, secret: secret, target: target, pairs: pairs, use: use)
    }

    /// The secret of a message, under whichever of the author's and the chat's names it was kept.
    package func secret(of id: String, author: JID, in chat: JID) async throws(StoreError) -> [UInt8]? {
        for chat in await names(of: chat) {
            for author in await names(of: author) {
                if let stored = try await storedMessage(id, in: chat, by: author), let secret = stored.secret {
                    return secret
                }
                if let secret = try await read(.messageSecret, "\(chat)|\(author)|\(id)") { return secret }
            }
        }
        return nil
    }

    func names(of jid: JID) async -> [JID] {
        let bare = jid.withoutDevice
        guard bare.isPerson else { return [bare] }
        let other = bare.server == .lid ? try? await phone(of: bare) : try? await lid(of: bare)
        return [bare] + [other ?? nil].compactMap { $0 }
    }
}

extension StoredMessage {
    /// What votes, reactions and edits are sealed with that refer to it.
    var secret: [UInt8]? {
        guard let message = try? WAMessage(serializedBytes: content) else { return nil }
        let outer = message.messageContextInfo.messageSecret
        let secret = outer.count == 32 ? outer : message.unwrapped().message.messageContextInfo.messageSecret
        return secret.count == 32 ? Array(secret) : nil
    }
}

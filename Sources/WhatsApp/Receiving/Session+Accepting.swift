internal import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// Longer plaintexts are not decoded.
    static let plaintextLimit = 16 << 20

    /// Takes a decrypted payload: keys, own copies, protocol matters, and what is for people.
    ///
    /// False where it was a key alone, and the message for it is still to come.
    func accept(
        _ padded: [UInt8],
        isUnpadded: Bool,
        _ node: BinaryNode,
        _ envelope: MessageEnvelope
    ) async throws -> Bool {
        guard let plaintext = isUnpadded ? padded[...] : Padding.remove(from: padded),
            plaintext.count <= Self.plaintextLimit, let message = try? WAMessage(serializedBytes: Array(plaintext))
        else {
            // Read all right, but nothing that could ever be understood: asking again would bring the same.
            acknowledge(node, error: 491)
            return true
        }
        return try await accept(message, encoded: plaintext, node, envelope)
    }

    private func accept(
        _ outer: WAMessage,
        encoded: ArraySlice<UInt8>,
        _ node: BinaryNode,
        _ envelope: MessageEnvelope
    ) async throws -> Bool {
        var envelope = envelope
        var message = outer
        var encoded = encoded
        if outer.hasDeviceSentMessage {
            guard envelope.isFromMe else {
                acknowledge(node, error: 491)
                return true
            }
            message = outer.deviceSentMessage.message
            if let chat = JID(outer.deviceSentMessage.destinationJid), envelope.kind == .person {
                envelope.chat = chat.withoutDevice
            }
            message.takeContext(of: outer)
            encoded = (try? message.serializedBytes() as [UInt8])?[...] ?? []
        }
        try await takeSenderKeys(of: outer, envelope)
        if message.hasSenderKeyDistributionMessage, envelope.kind != .person {
            message.clearSenderKeyDistributionMessage()
            if message.isOnlyContext { return false }
            // The key is kept where keys are, and not beside what people have written.
            encoded = (try? message.serializedBytes() as [UInt8])?[...] ?? encoded
        }
        if message.hasProtocolMessage, await handleProtocolMessage(message.protocolMessage, node, envelope) {
            return true
        }
        guard !envelope.isPeer else {
            confirm(node, envelope)
            return true
        }
        keepTimer(message, chat: envelope.chat, at: envelope.timestamp)
        stageMessage(message, encoded: Array(encoded), node, envelope)
        return true
    }

    private func takeSenderKeys(of message: WAMessage, _ envelope: MessageEnvelope) async throws {
        var distributions: [WAGroupSenderKeyDistribution] = []
        if message.hasSenderKeyDistributionMessage { distributions.append(message.senderKeyDistributionMessage) }
        if message.hasFastRatchetKeySenderKeyDistributionMessage {
            distributions.append(message.fastRatchetKeySenderKeyDistributionMessage)
        }
        // Nobody hands out the key of a group anywhere but in it.
        guard !distributions.isEmpty, envelope.kind != .newsletter, envelope.kind != .person else { return }
        let address = try await signalAddress(of: envelope.device)
        for content in distributions {
            guard let group = JID(content.groupID), group.server == .group || group.server == .broadcast,
                group == envelope.chat,
                let distribution = try? SenderKeyDistribution(Array(content.axolotlSenderKeyDistributionMessage))
            else { continue }
            let name = try await loadSenderKey(at: address, in: group)
            var record = hot.senderKeys[name] ?? SenderKeyRecord()
            record.process(distribution)
            hot.senderKeys.set(name, record, commit: outbox.number)
        }
    }

    /// Keeps the secret of a message that is not stored itself, for the votes, reactions and edits that refer to it.
    func keepSecret(_ secret: [UInt8], chat: JID, author: JID, id: String) {
        let expiry = now.addingTimeInterval(TimeInterval(environment.limits.secretDays) * 86_400)
        outbox.staged.put(.messageSecret, "\(chat)|\(author)|\(id)", secret, expires: expiry)
    }

    private func stageMessage(_ message: WAMessage, encoded: [UInt8], _ node: BinaryNode, _ envelope: MessageEnvelope) {
        let content = message.unwrapped().message
        let field = content.contentField
        let end = end(of: content, field, chat: envelope.chat, at: envelope.timestamp)
        let stored = StoredMessage(
            chat: envelope.chat.description,
            sender: envelope.sender.description,
            id: envelope.id,
            isFromMe: envelope.isFromMe,
            timestamp: envelope.timestamp,
            kind: MessageKind(of: content, field).rawValue,
            pushName: envelope.pushName,
            content: encoded,
            status: envelope.isFromMe ? .sent : .none,
            expiresAt: end.date
        )
        let received = ReceivedMessage(
            id: envelope.id,
            chat: envelope.chat,
            sender: envelope.sender,
            device: envelope.device.device,
            senderAlternate: envelope.alternate,
            isFromMe: envelope.isFromMe,
            timestamp: envelope.timestamp,
            pushName: envelope.pushName,
            isOffline: envelope.isOffline,
            edit: envelope.edit,
            serverID: envelope.serverID,
            message: message
        )
        retries.arrived(envelope)
        if field == .keep { keep(content.keepInChatMessage, chat: envelope.chat) }
        stage(
            stored,
            telling: received,
            isNew: { session in
                session.confirmNow(node, envelope)
                if end.isOpen { session.findEnd(of: stored, chat: envelope.chat) }
            },
            isDuplicate: { session in
                session.counters.duplicates += 1
                // What is there may have come with the history, without it.
                if let secret = stored.secret {
                    session.keepSecret(secret, chat: envelope.chat, author: envelope.sender, id: envelope.id)
                    session.flushLater()
                }
                session.confirmNow(node, envelope)
            }
        )
    }
}

extension WAMessage {
    /// Takes what stands around the copy for own devices and not in it: the secret is in either place.
    fileprivate mutating func takeContext(of outer: WAMessage) {
        guard outer.hasMessageContextInfo else { return }
        if !hasMessageContextInfo {
            messageContextInfo = outer.messageContextInfo
        } else if messageContextInfo.messageSecret.isEmpty, !outer.messageContextInfo.messageSecret.isEmpty {
            messageContextInfo.messageSecret = outer.messageContextInfo.messageSecret
        }
    }

    /// Whether nothing but context is left of it.
    fileprivate var isOnlyContext: Bool {
        var rest = self
        rest.clearMessageContextInfo()
        return rest == WAMessage()
    }
}

internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppCrypto
package import WhatsAppProtobufs
package import WhatsAppWire

extension Session {
    /// Deals with what devices of the account tell each other; false for what is about messages and goes on.
    func handleProtocolMessage(
        _ content: WAProtocolMessage,
        _ node: BinaryNode,
        _ envelope: MessageEnvelope
    ) async -> Bool {
        switch content.type {
        case .appStateSyncKeyShare, .appStateSyncKeyRequest, .historySyncNotification,
            .initialSecurityNotificationSettingSync, .appStateFatalExceptionNotification,
            .peerDataOperationRequestMessage, .peerDataOperationRequestResponseMessage, .lidMigrationMappingSync:
            break
        default: return false
        }
        // Anybody can write such a message; only the account's own devices are believed.
        guard envelope.isFromMe else {
            acknowledge(node)
            return true
        }
        confirm(node, envelope)
        let isPhone = envelope.device.device == 0
        switch content.type {
        case .appStateSyncKeyShare: await handleAppStateKeys(content.appStateSyncKeyShare)
        case .appStateSyncKeyRequest:
            let keys = content.appStateSyncKeyRequest.keyIds.prefix(Self.keyShareLimit)
                .compactMap { AppStateKeyID($0.keyID) }
            let device = envelope.device
            // Takes several requests, which what follows must not wait for; who gets no answer asks again.
            Task { await self.shareAppStateKeys(keys, with: device) }
        case .historySyncNotification where isPhone:
            receiveHistory(content.historySyncNotification, messageID: envelope.id)
        case .peerDataOperationRequestResponseMessage where isPhone:
            await handlePeerAnswer(content.peerDataOperationRequestResponseMessage)
        case .lidMigrationMappingSync where isPhone: takeMappings(content.lidMigrationMappingSyncMessage)
        default: break
        }
        return true
    }

    private func takeMappings(_ message: WALIDMigrationMappingSyncMessage) {
        guard message.encodedMappingPayload.count <= 4 << 20,
            let payload = try? WALIDMigrationMappingSyncPayload(serializedBytes: message.encodedMappingPayload)
        else { return }
        for mapping in payload.pnToLidMappings.prefix(50_000) {
            let lid = mapping.latestLid != 0 ? mapping.latestLid : mapping.assignedLid
            learn(
                lid: JID(user: String(lid), server: .lid),
                phone: JID(user: String(mapping.pn), server: .user)
            )
        }
        markMigrated()
    }

    /// The phone's answer to a request of ours; a message that it sends again is taken like any other.
    private func handlePeerAnswer(_ answer: WAPeerDataOperationRequestResponseMessage) async {
        for result in answer.peerDataOperationResult.prefix(64) {
            if result.hasSyncdSnapshotFatalRecoveryResponse {
                let copy = result.syncdSnapshotFatalRecoveryResponse
                // A fetch may be under way, whose end it waits for; messages must not.
                Task { await self.handleAppStateRecovery(copy) }
                continue
            }
            let bytes = result.placeholderMessageResendResponse.webMessageInfoBytes
            guard !bytes.isEmpty, bytes.count <= Self.plaintextLimit,
                let info = try? WAWebMessageInfo(serializedBytes: bytes)
            else { continue }
            takeResent(info)
        }
    }

    private func takeResent(_ info: WAWebMessageInfo) {
        guard let chat = JID(info.key.remoteJid)?.withoutDevice, !info.key.id.isEmpty,
            let own = credentials.account
        else { return }
        let ownJID = chat.server == .user ? own.jid.withoutDevice : own.lid?.withoutDevice ?? own.jid.withoutDevice
        let author = JID(info.key.participant.isEmpty ? info.participant : info.key.participant)
        let sender = info.key.fromMe ? ownJID : author?.withoutDevice ?? chat
        let received = ReceivedMessage(
            id: info.key.id,
            chat: chat,
            sender: sender,
            isFromMe: info.key.fromMe,
            timestamp: Date(timeIntervalSince1970: TimeInterval(info.messageTimestamp)),
            pushName: info.pushName.isEmpty ? nil : info.pushName,
            message: info.message
        )
        let secret = Array(info.hasMessageSecret ? info.messageSecret : info.message.messageContextInfo.messageSecret)
        if secret.count == 32 { keepSecret(secret, chat: chat, author: sender, id: info.key.id) }
        let content = info.message.unwrapped().message
        let field = content.contentField
        let stored = StoredMessage(
            chat: chat.description,
            sender: sender.description,
            id: info.key.id,
            isFromMe: info.key.fromMe,
            timestamp: received.timestamp,
            kind: MessageKind(of: content, field).rawValue,
            pushName: received.pushName,
            content: (try? info.message.serializedBytes()) ?? [],
            expiresAt: end(of: content, field, chat: chat, at: received.timestamp).date
        )
        stage(stored, telling: received)
    }

    /// Chats with people go by LID from now on.
    func markMigrated() {
        guard !credentials.isLIDMigrated else { return }
        credentials.isLIDMigrated = true
        keepCredentials()
        note(.info, "The account addresses people by LID now.")
    }

    /// Sends a message to the own phone, or another device of the account, about the devices' matters.
    @discardableResult
    package func sendPeerMessage(
        _ content: WAMessage,
        to device: JID? = nil,
        isUrgent: Bool = false
    ) async throws(SendError) -> String {
        guard let own = credentials.account else { throw .notConnected }
        let address = device ?? own.jid.withoutDevice
        let id = try await sendPeer(content, to: device ?? own.jid.with(device: 0), as: address, isUrgent: isUrgent)
        retries.keep(content, id: id, at: now)
        return id
    }

    /// Sends a message about the devices' matters, or with `id` and `count` the same once more.
    @discardableResult
    func sendPeer(
        _ content: WAMessage,
        to device: JID,
        as address: JID,
        isUrgent: Bool,
        id: String? = nil,
        count: Int? = nil
    ) async throws(SendError) -> String {
        try await sendPairwise(
            content,
            to: device,
            id: id,
            count: count,
            attributes: [
                "category": "peer", "push_priority": isUrgent ? "high_force" : "high", "type": "text",
                "to": .jid(address),
            ],
            children: [BinaryNode("meta", ["appdata": "default"])]
        )
    }
}

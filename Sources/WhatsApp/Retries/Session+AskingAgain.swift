internal import Foundation
internal import Logging
internal import NIOCore
internal import SignalProtocol
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension SignalError {
    /// The number that a retry receipt gives as the reason; nil where nothing is to be asked for.
    var retryReason: Int? {
        switch self {
        case .duplicate: nil
        case .noSession, .noSenderKey: 1
        case .weakKey: 2
        case .unknownPreKey, .unknownSignedPreKey: 3
        case .invalidSignature: 5
        case .tooFarAhead: 6
        case .badMAC: 7
        case .corruptRecord: 8
        case .unknownCompanion: 12
        default: 4
        }
    }
}

extension Session {
    /// How long a one-time key is kept that went out with a question, in seconds.
    static let givenKeyAge: TimeInterval = 30 * 86_400
    /// How often a message is asked for.
    static let retryLimit = 5
    /// How long to wait for the sender before the own phone is asked.
    static let phoneQuestionDelay: TimeAmount = .seconds(5)

    /// What could not be decrypted: dropped when it is a repeat, else asked for again.
    func failed(_ node: BinaryNode, _ envelope: MessageEnvelope, _ error: SignalError) async {
        guard let reason = error.retryReason else {
            counters.duplicates += 1
            return confirm(node, envelope)
        }
        counters.decryptFailures += 1
        note(.warning, "A message could not be decrypted (reason \(reason)).")
        await askAgain(node, envelope, reason: await isUnknown(envelope.device, because: error) ? 11 : reason)
    }

    /// Whether there is no session because the device is none of those that its owner is known to have.
    private func isUnknown(_ device: JID, because error: SignalError) async -> Bool {
        guard error == .noSession, device.device != 0 else { return false }
        let name = device.withoutDevice.description
        guard (try? await load([RecordKey(.deviceList, name)])) != nil, let list = hot.devices[name] else {
            return false
        }
        return !list.devices.contains(device.device)
    }

    /// Sends a retry receipt, with fresh keys from the second on; with the fifth it gives up.
    func askAgain(_ node: BinaryNode, _ envelope: MessageEnvelope, reason: Int) async {
        let isStatus = envelope.chat.server == .broadcast
        if isStatus, now.timeIntervalSince(envelope.timestamp) > 86_400 { return acknowledge(node) }
        if envelope.device.server == .bot || envelope.kind == .newsletter { return acknowledge(node) }
        let name = RetryState.name(envelope.device, envelope.id)
        let stored = try? await read(.retryCount, name)
        let told = node.children("enc").compactMap { $0.attributes.integer("count", as: UInt8.self) }.max() ?? 0
        let count = max(Int(stored?.first ?? 0), Int(told)) + 1
        // Asked for often enough; it has been told that it cannot be read.
        guard count <= Self.retryLimit else { return acknowledge(node) }
        let expiry = now.addingTimeInterval(86_400)
        outbox.staged.put(.retryCount, name, [UInt8(clamping: count)], expires: expiry)
        let receipt = retryReceipt(node, envelope, count: count, reason: reason)
        afterCommit { session in
            guard (try? session.sendStanza(receipt)) != nil, count < Self.retryLimit else { return }
            session.askPhoneLater(name, envelope)
        }
        if count < Self.retryLimit { acknowledge(node) } else { giveUp(node, envelope, name) }
    }

    private func retryReceipt(_ node: BinaryNode, _ envelope: MessageEnvelope, count: Int, reason: Int) -> BinaryNode {
        var attributes: BinaryNode.Attributes = ["id": .text(envelope.id), "type": "retry"]
        attributes["to"] = .jid(envelope.kind == .person ? envelope.device : envelope.chat)
        if envelope.kind != .person { attributes["participant"] = .jid(envelope.device) }
        if envelope.kind == .person, envelope.isFromMe {
            if envelope.isPeer {
                attributes["category"] = "peer"
            } else {
                attributes["recipient"] = .jid(envelope.chat)
            }
        }
        let retry = BinaryNode(
            "retry",
            [
                "v": "1", "id": .text(envelope.id), "t": node.attributes["t"], "count": .text(String(count)),
                "error": reason == 0 ? nil : .text(String(reason)),
            ]
        )
        var children = [
            retry, BinaryNode("registration", bytes: bigEndian(credentials.registrationID, count: 4)),
        ]
        let isHosted = envelope.device.server == .hosted || envelope.device.server == .hostedLID
        if count >= 2 || isHosted, mayGiveKeys(to: envelope.sender) { children.append(freshKeys()) }
        return BinaryNode("receipt", attributes, children: children)
    }

    /// Whether somebody whose messages cannot be read gets a one-time key; otherwise it is asked without one.
    private func mayGiveKeys(to sender: JID) -> Bool {
        guard let refusal = retries.refusal(ofKeyFor: sender, at: now) else { return true }
        if refusal.isFirst {
            let metadata: Logger.Metadata = ["reason": "\(refusal.reason.rawValue)", "limit": "\(refusal.limit)"]
            logger.warning("No more one-time keys are given out for now", metadata: metadata)
            note(.warning, refusal.text)
        }
        return false
    }

    /// A key bundle of our own with a one-time key that nobody else gets.
    func freshKeys() -> BinaryNode {
        let id = connection.handler?.value.engine.freePreKeyID ?? credentials.nextPreKeyID
        let preKey = PreKey(id: id, keyPair: .generate(using: &random))
        let next = id >= LoginEngine.lastPreKeyID ? 1 : id + 1
        // It counts as handed in, unless a batch before it still waits for that.
        if credentials.firstUnuploadedPreKeyID == id { credentials.firstUnuploadedPreKeyID = next }
        credentials.nextPreKeyID = next
        connection.handler?.value.perform {
            $0.skipPreKeys(to: self.credentials.nextPreKeyID)
            return []
        }
        // Whoever was asked and has not answered by then will not: each would stay for ever.
        let expiry = now.addingTimeInterval(Self.givenKeyAge)
        outbox.staged.put(.preKey, String(id), preKey.keyPair.privateKey.reveal(), expires: expiry)
        outbox.staged.credentials = credentials
        let signed = credentials.signedPreKey
        var children = [
            BinaryNode("type", bytes: [0x05]),
            BinaryNode("identity", bytes: credentials.identityKey.publicKey),
            BinaryNode(
                "key",
                children: [
                    BinaryNode("id", bytes: bigEndian(id, count: 3)),
                    BinaryNode("value", bytes: preKey.keyPair.publicKey),
                ]
            ),
            BinaryNode(
                "skey",
                children: [
                    BinaryNode("id", bytes: bigEndian(signed.id, count: 3)),
                    BinaryNode("value", bytes: signed.keyPair.publicKey),
                    BinaryNode("signature", bytes: signed.signature),
                ]
            ),
        ]
        if let identity = deviceIdentityNode { children.append(identity) }
        return BinaryNode("keys", children: children)
    }

    /// The last request: senders do not answer it any more, but the own phone may still have the message.
    private func giveUp(_ node: BinaryNode, _ envelope: MessageEnvelope, _ name: String) {
        stageUnreadable(node, envelope, .undecryptable)
        retries.cancel(name)
        askPhone(for: envelope)
    }

    /// Keeps that there is a message which cannot be read here.
    func stageUnreadable(_ node: BinaryNode, _ envelope: MessageEnvelope, _ reason: UnreadableMessage.Reason) {
        note(reason == .undecryptable ? .error : .info, "A message could not be read here: \(reason.words).")
        let unreadable = UnreadableMessage(
            id: envelope.id,
            chat: envelope.chat,
            sender: envelope.sender,
            timestamp: envelope.timestamp,
            reason: reason
        )
        // Shown as such in the chat until what it stands for comes.
        let placeholder = StoredMessage(
            chat: envelope.chat.description,
            sender: envelope.sender.description,
            id: envelope.id,
            isFromMe: envelope.isFromMe,
            timestamp: envelope.timestamp,
            kind: StoredMessage.placeholderKind,
            pushName: envelope.pushName,
            content: []
        )
        stage(placeholder, isNew: { _ in }, isDuplicate: { _ in })
        tell(.unreadable(unreadable), .unreadable(unreadable))
        acknowledge(node)
    }

    private func askPhoneLater(_ name: String, _ envelope: MessageEnvelope) {
        let question = loop.scheduleTask(in: Self.phoneQuestionDelay) { [weak self] in
            guard let self else { return }
            self.assumeIsolated { session in
                session.retries.finished(name)
                session.askPhone(for: envelope)
            }
        }
        if !retries.wait(name, question) { question.cancel() }
    }

    /// Asks the own phone for a message that this device cannot read.
    func askPhone(for envelope: MessageEnvelope) {
        guard connection.isActive, !envelope.isPeer, now.timeIntervalSince(envelope.timestamp) < 14 * 86_400 else {
            return
        }
        var key = WAMessageKey()
        key.remoteJid = envelope.chat.description
        key.fromMe = envelope.isFromMe
        key.id = envelope.id
        if envelope.kind != .person { key.participant = envelope.sender.description }
        var resend = WAPeerDataOperationRequestMessage.PlaceholderMessageResendRequest()
        resend.messageKey = key
        var request = WAPeerDataOperationRequestMessage()
        request.peerDataOperationRequestType = .placeholderMessageResend
        request.placeholderMessageResendRequest = [resend]
        var content = WAMessage()
        content.protocolMessage.type = .peerDataOperationRequestMessage
        content.protocolMessage.peerDataOperationRequestMessage = request
        // Nobody waits for it: the answer is a message like any other.
        Task { try? await self.sendPeerMessage(content, isUrgent: true) }
    }

    /// `<unavailable type/>` in place of content: shown on the phone alone, or not for this device.
    func handleUnavailable(_ node: BinaryNode, _ unavailable: BinaryNode, _ envelope: MessageEnvelope) async {
        switch unavailable.attributes.text("type") {
        case "view_once", "view_once_unavailable_fanout": stageUnreadable(node, envelope, .viewOnce)
        case nil:
            stageUnreadable(node, envelope, .unavailable)
            askPhone(for: envelope)
        default: stageUnreadable(node, envelope, .unavailable)
        }
    }
}

internal import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// Another device could not read a message of ours: the session is mended and the message sent again, to it alone.
    ///
    /// Wire form: `<receipt type="retry" id from participant?><retry count id t v/><registration/><keys/>?</receipt>`.
    func handleRetryReceipt(_ node: BinaryNode, from: JID) async {
        guard let retry = node.child("retry"), let id = retry.attributes.text("id") ?? node.attributes.text("id"),
            let own = credentials.account
        else { return }
        let count = retry.attributes.integer("count", as: UInt8.self).map(Int.init) ?? 1
        let requester = node.attributes.jid("participant") ?? from
        guard count < Self.retryLimit, requester.isPerson else { return }
        let isOwn = MessageEnvelope.isOwn(requester, own)
        let chat =
            from.isPerson ? (isOwn ? node.attributes.jid("recipient") ?? from : from).withoutDevice : from
        do {
            guard from.isPerson || retries.mayResend(in: from, at: now) else { return }
            guard try await isKnown(requester) || node.child("keys") != nil else { return }
            forgetSenderKeys(on: try await signalAddress(of: requester))
            guard try await renew(requester, node, id: id, count: count) else { return }
            if isOwn, let peer = retries.peerMessage(id) {
                try await sendPeer(peer, to: requester, as: from, isUrgent: true, id: id, count: count)
                return
            }
            guard let message = try await sentMessage(id, in: chat) else { return }
            if message.chat.server == .broadcast, try await isOver(id, in: message.chat) { return }
            try await resend(
                message.message,
                id: id,
                chat: message.chat,
                from: from,
                to: requester,
                count: count,
                isOwn: isOwn
            )
        } catch {
            note(.warning, "A message could not be sent again.")
        }
    }

    private func isKnown(_ device: JID) async throws -> Bool {
        let user = device.withoutDevice
        if device.device == 0 { return true }
        if let list = try await devices(of: [user])[user], list.contains(device) { return true }
        return try await queryDevices(of: [user])[user]?.devices.contains(device.device) ?? false
    }

    /// Brings the session with the device into a state that can work; false where the request must be dropped.
    private func renew(_ device: JID, _ node: BinaryNode, id: String, count: Int) async throws -> Bool {
        if let keys = node.child("keys") {
            guard let bundle = retryBundle(keys, registration: node.child("registration")),
                try await isVouchedFor(device, identityKey: bundle.identityKey, keys.child("device-identity"))
            else { return false }
            let address = try await loadedAddress(of: device)
            let name = address.signalName
            var session = hot.sessions[name] ?? SignalSession()
            if let known = session.remoteIdentity, known != bundle.identityKey {
                session = SignalSession()
                identityChanged(of: device.withoutDevice, device: address)
            }
            guard (try? session.start(with: bundle, local: localIdentity, using: &random)) != nil else { return false }
            hot.sessions.set(name, session, commit: outbox.number)
            return true
        }
        var address = try await loadedAddress(of: device)
        var session = hot.sessions[address.signalName]
        let registration = node.child("registration")?.bytes.map { $0.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
        let isOther =
            registration != nil && session?.remoteRegistrationID != nil
            && session?.remoteRegistrationID != registration
        let retryName = RetryState.name(address, id)
        if isOther || retries.isStuck(retryName, count: count, baseKey: session?.baseKey) {
            // Not written with any more; what is under way can still be read.
            session?.archiveCurrent()
            hot.sessions.set(address.signalName, session, commit: outbox.number)
        }
        try await ensureSessions(with: [device])
        address = try await loadedAddress(of: device)
        return hot.sessions[address.signalName]?.hasCurrentState ?? false
    }

    private func retryBundle(_ keys: BinaryNode, registration: BinaryNode?) -> PreKeyBundle? {
        guard let registration else { return nil }
        return PreKeyBundle(BinaryNode("user", children: [registration] + keys.children))
    }

    /// A sent message by its id, under either name of the chat.
    private func sentMessage(_ id: String, in chat: JID) async throws -> (message: WAMessage, chat: JID)? {
        var names = [chat]
        if let lid = try await lid(of: chat), lid != chat { names.append(lid) }
        if chat.server == .lid, let phone = try await phone(of: chat) { names.append(phone) }
        let own = [credentials.account?.lid, credentials.account?.jid].compactMap { $0?.withoutDevice }
        let oldest = now.addingTimeInterval(-TimeInterval(environment.limits.retryDays) * 86_400)
        for name in names {
            for sender in own {
                if let stored = try await storedMessage(id, in: name, by: sender), stored.isFromMe, !stored.isHistory,
                    stored.timestamp > oldest, let message = try? WAMessage(serializedBytes: stored.content)
                {
                    return (message, name)
                }
            }
            // As it was kept by earlier versions.
            if let bytes = try await read(.sentMessage, "\(name)|\(id)"),
                let message = try? WAMessage(serializedBytes: bytes)
            {
                return (message, name)
            }
        }
        return nil
    }

    /// Whether a status post is older than a day, after which nobody can see it.
    private func isOver(_ id: String, in list: JID) async throws -> Bool {
        guard let stored = try await store.message(chat: list.description, id: id) else { return false }
        return now.timeIntervalSince(stored.timestamp) > 86_400
    }

    private func resend(
        _ original: WAMessage,
        id: String,
        chat: JID,
        from: JID,
        to device: JID,
        count: Int,
        isOwn: Bool
    ) async throws {
        let shape = StanzaShape(of: original, to: chat)
        var message = original
        var attributes: BinaryNode.Attributes = ["type": .text(shape.type.rawValue), "to": .jid(from)]
        attributes["edit"] = shape.edit.map { .text(String($0)) }
        if !from.isPerson {
            attributes["participant"] = .jid(device)
            if from.server == .group { attributes["addressing_mode"] = device.server == .lid ? "lid" : "pn" }
            if let key = try await ownSenderKey(of: from, for: device, isOwn: isOwn) {
                message.senderKeyDistributionMessage.groupID = from.description
                message.senderKeyDistributionMessage.axolotlSenderKeyDistributionMessage = Data(key.distribution())
            }
        } else if isOwn {
            message = DeviceSent.wrap(original, chat: chat)
            attributes["recipient"] = .jid(chat)
        } else {
            attributes["device_fanout"] = "false"
        }
        _ = try await sendPairwise(
            message,
            to: device,
            id: id,
            count: count,
            mediaType: shape.mediaType,
            isHidden: shape.hidesFailure,
            attributes: attributes,
            children: shape.children + (try await statusMeta(shape, chat: from))
        )
    }

    /// What a status post says of its audience goes with it again.
    private func statusMeta(_ shape: StanzaShape, chat: JID) async throws -> [BinaryNode] {
        guard chat.server == .broadcast, shape.edit == nil, shape.type != .reaction else { return [] }
        return [BinaryNode("meta", ["status_setting": .text(try await statusPrivacy().setting)])]
    }

    /// The key under which the own messages to a group or list go now, if the device may have it.
    ///
    /// Somebody who has left may ask for an old message, and gets that, but not what is written now.
    private func ownSenderKey(of group: JID, for device: JID, isOwn: Bool) async throws -> OwnSenderKey? {
        guard group.server == .group else {
            let name = try await signalAddress(of: device).signalName
            try await load([RecordKey(.ownSenderKey, group.description)])
            guard let shared = hot.ownSenderKeys[group.description], isOwn || shared.reaches(name) else {
                return nil
            }
            return shared.key
        }
        let user = device.withoutDevice
        let names = [user, try await lid(of: user), try await phone(of: user)].compactMap { $0 }
        let members = try await metadata(of: group).members
        let isMember = members.contains { member in
            names.contains { $0 == member.jid || $0 == member.lid || $0 == member.phone }
        }
        guard isOwn || isMember else {
            if device.server != .lid { rotateSenderKey(group: group) }
            return nil
        }
        try await load([RecordKey(.ownSenderKey, group.description)])
        return hot.ownSenderKeys[group.description]?.key
    }

    /// Encrypts for one device and sends with the ciphertext directly under `message`.
    @discardableResult
    func sendPairwise(
        _ content: WAMessage,
        to device: JID,
        id: String? = nil,
        count: Int? = nil,
        mediaType: String? = nil,
        isHidden: Bool = false,
        attributes: BinaryNode.Attributes,
        children: [BinaryNode] = []
    ) async throws(SendError) -> String {
        guard connection.isActive, let own = credentials.account else { throw .notConnected }
        let id = id ?? MessageID.make(own: own.jid, now: now, using: &random)
        guard let encoded = try? content.serializedBytes() as [UInt8] else { throw .noDevices }
        try checkSize(encoded)
        try await ensureSessions(with: [device])
        let address: JID
        do {
            address = try await loadedAddress(of: device)
        } catch {
            throw .store(error)
        }
        guard let sealed = encrypt(Padding.add(to: encoded, using: &random), for: device, at: address) else {
            throw .noDevices
        }
        var enc: BinaryNode.Attributes = ["v": "2", "type": .text(sealed.type)]
        enc["count"] = count.map { .text(String($0)) }
        enc["mediatype"] = mediaType.map { .text($0) }
        if isHidden { enc["decrypt-fail"] = "hide" }
        var nodes = [BinaryNode("enc", enc, bytes: sealed.bytes)]
        if sealed.type == "pkmsg", let identity = deviceIdentityNode { nodes.append(identity) }
        var attributes = attributes
        attributes["id"] = .text(id)
        guard await durable() else { throw .store(.unavailable) }
        do {
            try sendStanza(BinaryNode("message", attributes, children: nodes + children))
        } catch {
            throw .request(error)
        }
        return id
    }
}

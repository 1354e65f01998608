internal import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// Devices that are encrypted for in one piece; the event loop's other sessions get their turn in between.
    static let encryptionBatch = 64

    /// Encrypts a message for a group: once with the own sender key, and the key for every device that lacks it.
    func prepareForGroup(
        _ message: WAMessage,
        group: JID,
        id: String,
        _ own: Credentials.LinkedAccount,
        mode: String?,
        isRepeat: Bool = false
    ) async throws(SendError) -> PreparedMessage {
        // Whoever leaves while it is being prepared must not be able to read it: the members are looked at anew.
        for _ in 0..<8 {
            let rotation = sending.rotations[group.description, default: 0]
            let prepared = try await compose(
                message,
                group: group,
                id: id,
                own,
                mode: mode,
                isRepeat: isRepeat,
                rotation: rotation
            )
            if let prepared { return prepared }
        }
        throw .request(.timedOut)
    }

    /// Nil where somebody has left since `rotation` was read.
    private func compose(
        _ message: WAMessage,
        group: JID,
        id: String,
        _ own: Credentials.LinkedAccount,
        mode: String?,
        isRepeat: Bool,
        rotation: Int
    ) async throws(SendError) -> PreparedMessage? {
        let metadata: GroupMetadata
        do {
            metadata = try await self.metadata(of: group)
        } catch {
            throw .request(error)
        }
        let isLID = mode.map { $0 == "lid" } ?? (metadata.addressingMode == .lid)
        guard let ownDevice = isLID ? own.lid : own.jid else { throw .noDevices }
        let ownUser = ownDevice.withoutDevice
        var users = metadata.members.map { isLID ? $0.lid ?? $0.jid : $0.phone ?? $0.jid }
        if !users.contains(ownUser) { users.append(ownUser) }
        let found: [JID: [JID]]
        do {
            found = try await devices(of: users)
        } catch {
            throw .request(error)
        }
        let all: [JID] = users.flatMap { found[$0] ?? [$0] }.filter { !$0.server.isHosted }
        let others = all.filter { $0 != ownDevice }
        let shape = StanzaShape(of: message, to: group)
        guard let body = try await senderKeyBody(message, group: group, others: others, shape, rotation: rotation)
        else { return nil }
        let hash = DeviceHash.phash(of: all.contains(ownDevice) ? all : all + [ownDevice])
        var attributes: BinaryNode.Attributes = [
            "id": .text(id), "to": .jid(group), "type": .text(shape.type.rawValue),
            "addressing_mode": isLID ? "lid" : "pn", "phash": .text(hash),
        ]
        attributes["edit"] = shape.edit.map { .text(String($0)) }
        // It is kept under the name that it went out with first.
        if !isRepeat { stageSent(message, body.encoded, id: id, chat: group, sender: ownUser) }
        let report = reportingNode(message, body.encoded, id: id, sender: ownUser, chat: group)
        let children = body.children + shape.children + [report].compactMap { $0 }
        return PreparedMessage(
            stanza: BinaryNode("message", attributes, children: children),
            chat: group,
            devices: others,
            deviceHash: hash,
            handout: body.handout
        )
    }

    /// The children of a stanza for many: keys for those who lack them, and the one ciphertext.
    ///
    /// Nil where the own key has been rotated since `rotation` was read: `others` may have somebody who is gone.
    func senderKeyBody(
        _ message: WAMessage,
        group: JID,
        others: [JID],
        _ shape: StanzaShape,
        rotation: Int
    ) async throws(SendError) -> (children: [BinaryNode], encoded: [UInt8], handout: SenderKeyHandout)? {
        guard let encoded = try? message.serializedBytes() as [UInt8] else {
            throw .invalid(field: "message", reason: "It cannot be encoded.")
        }
        try checkSize(encoded)
        var shared = try await ownSenderKey(of: group)
        var names: [(device: JID, name: String)] = []
        do {
            for device in others { names.append((device, try await signalAddress(of: device).signalName)) }
        } catch {
            throw .store(error)
        }
        let lacking = names.filter { !shared.reaches($0.name) }.map(\.device)
        var handout = SenderKeyHandout(
            group: group,
            keyID: shared.key.id,
            devices: [],
            lossCount: shared.lossesSeen
        )
        var children: [BinaryNode] = []
        if !lacking.isEmpty {
            let distribution = try distributionMessage(shared.key, group: group)
            var nodes: [BinaryNode] = []
            var needsIdentity = false
            var keyShape = shape
            keyShape.mediaType = nil
            for start in stride(from: 0, to: lacking.count, by: Self.encryptionBatch) {
                let part = Array(lacking[start..<min(start + Self.encryptionBatch, lacking.count)])
                try await ensureSessions(with: part)
                let padded = Padding.add(to: distribution, using: &random)
                let sealed = try await encrypted(padded, for: part, keyShape)
                nodes += sealed.nodes
                needsIdentity = needsIdentity || sealed.needsIdentity
                handout.devices += sealed.reached
                if lacking.count > Self.encryptionBatch { await Task.yield() }
            }
            if !nodes.isEmpty { children.append(BinaryNode("participants", children: nodes)) }
            if needsIdentity, let identity = deviceIdentityNode { children.append(identity) }
        }
        guard rotation == sending.rotations[group.description, default: 0] else { return nil }
        let ciphertext: [UInt8]
        do {
            ciphertext = try shared.key.encrypt(Padding.add(to: encoded, using: &random), using: &random)
        } catch {
            throw .invalid(field: "message", reason: "It cannot be encrypted.")
        }
        if let current = hot.ownSenderKeys[group.description], current.key.id == shared.key.id {
            // What the service has taken meanwhile.
            shared.devices.formUnion(current.devices)
            shared.offered = current.offered
        }
        shared.offered.formUnion(handout.devices)
        hot.ownSenderKeys.set(group.description, shared, commit: outbox.number)
        var enc: BinaryNode.Attributes = ["v": "2", "type": "skmsg"]
        enc["mediatype"] = shape.mediaType.map { .text($0) }
        if shape.hidesFailure { enc["decrypt-fail"] = "hide" }
        children.append(BinaryNode("enc", enc, bytes: ciphertext))
        return (children, encoded, handout)
    }

    /// The service has taken a message: those who got the key with it have it.
    func confirm(_ handout: SenderKeyHandout?) async {
        guard let handout, !handout.devices.isEmpty else { return }
        let name = handout.group.description
        guard (try? await load([RecordKey(.ownSenderKey, name)])) != nil, var shared = hot.ownSenderKeys[name],
            shared.key.id == handout.keyID
        else { return }
        shared.offered.subtract(handout.devices)
        shared.devices.formUnion(handout.devices.filter { sending.losses[$0, default: 0] <= handout.lossCount })
        hot.ownSenderKeys.set(name, shared, commit: outbox.number)
        flushLater()
    }

    /// The service has not taken a message: who was to get the key with it gets it with the next one.
    func withdraw(_ handout: SenderKeyHandout?) {
        guard let handout, !handout.devices.isEmpty else { return }
        let name = handout.group.description
        guard var shared = hot.ownSenderKeys[name], shared.key.id == handout.keyID else { return }
        shared.offered.subtract(handout.devices)
        hot.ownSenderKeys.set(name, shared, commit: outbox.number)
        flushLater()
    }

    /// The own key of a group, made when there is none; devices that have lost it are taken out.
    func ownSenderKey(of group: JID) async throws(SendError) -> SharedSenderKey {
        let name = group.description
        do {
            try await load([RecordKey(.ownSenderKey, name)])
        } catch {
            throw .store(error)
        }
        var shared = hot.ownSenderKeys[name] ?? SharedSenderKey(key: .generate(using: &random))
        if shared.lossesSeen < sending.lossCount {
            for (device, number) in sending.losses where number > shared.lossesSeen {
                shared.devices.remove(device)
                shared.offered.remove(device)
            }
            shared.lossesSeen = sending.lossCount
        }
        return shared
    }

    func distributionMessage(_ key: OwnSenderKey, group: JID) throws(SendError) -> [UInt8] {
        var content = WAMessage()
        content.senderKeyDistributionMessage.groupID = group.description
        content.senderKeyDistributionMessage.axolotlSenderKeyDistributionMessage = Data(key.distribution())
        guard let bytes = try? content.serializedBytes() as [UInt8] else {
            throw .invalid(field: "message", reason: "It cannot be encoded.")
        }
        return bytes
    }

    /// Someone has left: the next message goes out under a new key.
    func rotateSenderKey(group: JID) {
        sending.rotations[group.description, default: 0] += 1
        hot.ownSenderKeys.set(group.description, nil, commit: outbox.number)
        flushSoon()
    }
}

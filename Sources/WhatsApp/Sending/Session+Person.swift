internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension StanzaShape {
    /// What stands beside the ciphertext.
    var children: [BinaryNode] { [meta, business].compactMap { $0 } }
}

extension Session {
    /// Encrypts a message for all devices of a person and the own other ones.
    func prepareForPerson(
        _ message: WAMessage,
        chat: JID,
        id: String,
        _ own: Credentials.LinkedAccount
    ) async throws(SendError) -> PreparedMessage {
        let address = try await wireAddress(of: chat)
        let isLID = address.server == .lid
        guard let ownDevice = isLID ? own.lid : own.jid else { throw .noDevices }
        let ownUser = ownDevice.withoutDevice
        let isSelf = address == ownUser
        let found: [JID: [JID]]
        do {
            found = try await devices(of: isSelf ? [ownUser] : [address, ownUser])
        } catch {
            throw .request(error)
        }
        let theirs = isSelf ? [] : found[address] ?? [address]
        let ours = (found[ownUser] ?? [ownUser.with(device: 0)]).filter { $0.device != ownDevice.device }
        guard let encoded = try? message.serializedBytes() as [UInt8],
            let copy = try? DeviceSent.encode(message, encoded: encoded, chat: address)
        else { throw .invalid(field: "message", reason: "It cannot be encoded.") }
        try checkSize(copy, copies: theirs.count + ours.count)
        try await ensureSessions(with: theirs + ours)
        let shape = StanzaShape(of: message, to: chat)
        var recipients = try await encrypted(Padding.add(to: encoded, using: &random), for: theirs, shape)
        if !isSelf, recipients.nodes.isEmpty { throw .noDevices }
        let copies = try await encrypted(Padding.add(to: copy, using: &random), for: ours, shape)
        recipients.nodes += copies.nodes
        recipients.needsIdentity = recipients.needsIdentity || copies.needsIdentity
        guard !recipients.nodes.isEmpty else { throw .noDevices }

        var attributes: BinaryNode.Attributes = [
            "id": .text(id), "to": .jid(address), "type": .text(shape.type.rawValue),
        ]
        attributes["edit"] = shape.edit.map { .text(String($0)) }
        if isLID, let phone = try? await phone(of: address) { attributes["peer_recipient_pn"] = .jid(phone) }
        var children = [BinaryNode("participants", children: recipients.nodes)]
        if recipients.needsIdentity, let identity = deviceIdentityNode { children.append(identity) }
        children += shape.children
        if let report = reportingNode(message, encoded, id: id, sender: ownUser, chat: address) {
            children.append(report)
        }
        if !isSelf, address.server != .bot, let token = await tokenNode(for: address) {
            children.append(token)
        }
        stageSent(message, encoded, id: id, chat: address, sender: ownUser)
        return PreparedMessage(
            stanza: BinaryNode("message", attributes, children: children),
            chat: address,
            devices: theirs + ours,
            hashedDevices: (theirs + ours).filter { !$0.server.isHosted } + [ownDevice]
        )
    }

    /// How a person's chat is addressed: by LID where the account is migrated, else by phone number.
    func wireAddress(of chat: JID) async throws(SendError) -> JID {
        var chat = chat.withoutDevice
        if chat.server == .legacyUser { chat.server = .user }
        do {
            switch (chat.server, isLIDMigrated) {
            case (.user, true):
                if let own = credentials.account, chat.user == own.jid.user { return own.lid?.withoutDevice ?? chat }
                if let lid = try await lid(of: chat) { return lid }
                try await queryDevices(of: [chat])
                return try await lid(of: chat) ?? chat
            case (.lid, false):
                if let own = credentials.account, chat.user == own.lid?.user { return own.jid.withoutDevice }
                return try await phone(of: chat) ?? chat
            default: return chat
            }
        } catch {
            throw .request(error)
        }
    }

    /// The `<to jid><enc/></to>` nodes of those devices that there is a session with.
    func encrypted(
        _ padded: [UInt8],
        for devices: [JID],
        _ shape: StanzaShape
    ) async throws(SendError) -> (nodes: [BinaryNode], needsIdentity: Bool, reached: [String]) {
        var nodes: [BinaryNode] = []
        var reached: [String] = []
        var needsIdentity = false
        for device in devices {
            let address: JID
            do {
                address = try await loadedAddress(of: device)
            } catch {
                throw .store(error)
            }
            guard let ciphertext = encrypt(padded, for: device, at: address) else { continue }
            if ciphertext.type == "pkmsg" { needsIdentity = true }
            var attributes: BinaryNode.Attributes = ["v": "2", "type": .text(ciphertext.type)]
            attributes["mediatype"] = shape.mediaType.map { .text($0) }
            if shape.hidesFailure { attributes["decrypt-fail"] = "hide" }
            let enc = BinaryNode("enc", attributes, bytes: ciphertext.bytes)
            nodes.append(BinaryNode("to", ["jid": .jid(device)], children: [enc]))
            reached.append(address.signalName)
        }
        return (nodes, needsIdentity, reached)
    }
}

internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// Encrypts a status post for its audience: like a group, with the own LID as the author.
    ///
    /// A reaction to somebody's status goes to its author's devices alone.
    func prepareStatus(
        _ message: WAMessage,
        to list: JID,
        id: String,
        _ own: Credentials.LinkedAccount
    ) async throws(SendError) -> PreparedMessage {
        guard list.user == "status" else {
            throw .invalid(field: "chat", reason: "A broadcast list cannot be written to from a linked device.")
        }
        let shape = StanzaShape(of: message, to: list)
        if shape.type == .reaction { return try await prepareStatusReaction(message, to: list, id: id, own, shape) }
        let ownDevice = own.lid ?? own.jid
        let audience = try await statusAudience()
        let users = audience.users.filter { $0 != ownDevice.withoutDevice } + [ownDevice.withoutDevice]
        let found: [JID: [JID]]
        do {
            found = try await devices(of: users)
        } catch {
            throw .request(error)
        }
        let others = users.flatMap { found[$0] ?? [$0] }.filter { $0 != ownDevice && !$0.server.isHosted }
        let rotation = sending.rotations[list.description, default: 0]
        guard let body = try await senderKeyBody(message, group: list, others: others, shape, rotation: rotation)
        else { throw .request(.timedOut) }
        // Who gets no key this time is named all the same.
        var children = body.children
        let keyed = Set(children.first?.children("to").compactMap { $0.attributes.jid("jid")?.withoutDevice } ?? [])
        let rest = users.filter { !keyed.contains($0) }.map { BinaryNode("to", ["jid": .jid($0)]) }
        if let first = children.first, first.tag == "participants" {
            children[0] = BinaryNode("participants", children: first.children + rest)
        } else if !rest.isEmpty {
            children.insert(BinaryNode("participants", children: rest), at: 0)
        }
        var attributes: BinaryNode.Attributes = ["id": .text(id), "to": .jid(list), "type": .text(shape.type.rawValue)]
        attributes["edit"] = shape.edit.map { .text(String($0)) }
        // Only on posts: on a revoke the service refuses it.
        if shape.edit == nil {
            children.append(BinaryNode("meta", ["status_setting": .text(audience.setting)]))
        }
        stageSent(message, body.encoded, id: id, chat: list, sender: ownDevice.withoutDevice)
        return PreparedMessage(
            stanza: BinaryNode("message", attributes, children: children),
            chat: list,
            devices: others,
            handout: body.handout
        )
    }

    private func prepareStatusReaction(
        _ message: WAMessage,
        to list: JID,
        id: String,
        _ own: Credentials.LinkedAccount,
        _ shape: StanzaShape
    ) async throws(SendError) -> PreparedMessage {
        guard let author = JID(message.reactionMessage.key.participant)?.withoutDevice, author.isPerson else {
            throw .invalid(field: "participant", reason: "A reaction to a status names the author.")
        }
        let address = try await wireAddress(of: author)
        let found: [JID: [JID]]
        do {
            found = try await devices(of: [address])
        } catch {
            throw .request(error)
        }
        let devices = found[address] ?? [address]
        try await ensureSessions(with: devices)
        guard let encoded = try? message.serializedBytes() as [UInt8] else {
            throw .invalid(field: "message", reason: "It cannot be encoded.")
        }
        let sealed = try await encrypted(Padding.add(to: encoded, using: &random), for: devices, shape)
        guard !sealed.nodes.isEmpty else { throw .noDevices }
        var children = [BinaryNode("participants", children: sealed.nodes)]
        if sealed.needsIdentity, let identity = deviceIdentityNode { children.append(identity) }
        var attributes: BinaryNode.Attributes = ["id": .text(id), "to": .jid(list), "type": .text(shape.type.rawValue)]
        attributes["edit"] = shape.edit.map { .text(String($0)) }
        stageSent(message, encoded, id: id, chat: list, sender: (own.lid ?? own.jid).withoutDevice)
        return PreparedMessage(
            stanza: BinaryNode("message", attributes, children: children),
            chat: list,
            devices: devices
        )
    }

    /// Who sees the account's status now.
    private func statusAudience() async throws(SendError) -> (users: [JID], setting: String) {
        let privacy = try await statusPrivacy()
        switch privacy.setting {
        case "allowlist": return privacy
        case "denylist":
            let refused = Set(privacy.users)
            return (await contacts().filter { !refused.contains($0) }, privacy.setting)
        default: return (privacy.users.isEmpty ? await contacts() : privacy.users, privacy.setting)
        }
    }

    /// To whom the account's status is open, or closed: `<iq xmlns="status"><privacy/></iq>`.
    func statusPrivacy() async throws(SendError) -> (users: [JID], setting: String) {
        let result: BinaryNode
        do {
            result = try await request(Stanzas.request("get", "status", children: [BinaryNode("privacy")]))
        } catch {
            throw .request(error)
        }
        let lists = result.child("privacy")?.children("list") ?? []
        let list = lists.first { $0.attributes.text("default") == "true" } ?? lists.first
        let users = (list?.children("user") ?? []).compactMap { $0.attributes.jid("jid")?.withoutDevice }
        switch list?.attributes.text("type") {
        case "whitelist": return (users, "allowlist")
        case "blacklist": return (users, "denylist")
        default: return (users, "contacts")
        }
    }

    /// The people of the address book, by their LID where it is known; whom the account has only met in groups is no contact.
    private func contacts() async -> [JID] {
        var found: [JID] = []
        // The address book may have a number and the LID of the same person.
        var known: Set<JID> = []
        var last: String?
        while let page = try? await store.list(.addressBook, prefix: "", after: last, limit: 1000), !page.isEmpty {
            for name in page.map(\.name) {
                guard let jid = JID(name) else { continue }
                let person = (try? await lid(of: jid)) ?? jid
                if known.insert(person).inserted { found.append(person) }
            }
            last = page.last?.name
        }
        return found
    }
}

extension JID.Server {
    var isHosted: Bool { self == .hosted || self == .hostedLID }
}

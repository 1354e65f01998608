import Foundation
import SignalProtocol
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// A phone sends a message to a chat, end-to-end encrypted to every device; its identifier.
    ///
    /// A refusal of the server is noted in the phone's log.
    @discardableResult
    mutating func post(
        _ message: WAMessage,
        from number: String,
        to chat: JID,
        id given: String? = nil
    ) throws(SandboxError) -> String {
        // No copy of the phone is held while its ratchets turn, lest all of them be copied.
        guard phones[number] != nil else { throw .unknownPhone }
        let address = phoneAddress(number)
        let id = given ?? newMessageID(of: number)
        let outline = StanzaOutline(message)
        let node: BinaryNode
        let logged: JID
        switch chat.server {
        case .user, .lid, .legacyUser:
            guard let recipient = self.number(of: chat) else { throw .unknownRecipient }
            let form = phones[number]?.form(for: recipient) ?? .lid
            node = privateStanza(message, outline, id: id, from: address, to: recipient, by: form)
            logged = JID(user: recipient, server: .user)
        case .group:
            guard let group = group(chat) else { throw .unknownRecipient }
            node = groupStanza(message, outline, id: id, from: address, to: group)
            logged = group.jid
        default: throw .unknownRecipient
        }
        phones[number]?.log.add(
            id: id,
            chat: logged,
            author: address,
            isOwn: true,
            time: now,
            content: message
        )
        let verdict = relay(node, from: address)
        if let error = verdict.error {
            phones[number]?.log.record(error: error, of: id)
        } else if logged.server == .user {
            issueTokenIfDue(by: number, to: logged.user)
        }
        return id
    }

    private mutating func privateStanza(
        _ message: WAMessage,
        _ outline: StanzaOutline,
        id: String,
        from phone: DeviceAddress,
        to recipient: String,
        by form: AddressingForm
    ) -> BinaryNode {
        let chat = jid(of: DeviceAddress(number: recipient, device: 0), by: form)
        let attributes = outline.encryptionAttributes
        var targets: [BinaryNode] = []
        if recipient != phone.number {
            let plain = padded(message)
            for target in allDevices(of: recipient) {
                guard let node = encrypt(plain, by: phone.number, for: target, by: form, attributes) else { continue }
                targets.append(BinaryNode("to", ["jid": .jid(jid(of: target, by: form))], children: [node]))
            }
        }
        let companions = allDevices(of: phone.number).dropFirst()
        if !companions.isEmpty {
            let copy = padded(message.deviceSent(to: chat))
            for target in companions {
                guard let node = encrypt(copy, by: phone.number, for: target, by: form, attributes) else { continue }
                targets.append(BinaryNode("to", ["jid": .jid(jid(of: target, by: form))], children: [node]))
            }
        }
        return stanza(outline, id: id, to: chat, children: [BinaryNode("participants", children: targets)])
    }

    func stanza(_ outline: StanzaOutline, id: String, to chat: JID, children: [BinaryNode]) -> BinaryNode {
        BinaryNode(
            "message",
            [
                "id": .text(id), "to": .jid(chat), "type": .text(outline.type),
                "edit": outline.edit.map { .text($0) },
            ],
            children: children + (outline.meta.map { [$0] } ?? [])
        )
    }

    /// A phone writes to one of its own companions, as with keys and history; the identifier.
    @discardableResult
    mutating func sendPeerMessage(
        _ message: WAMessage,
        from number: String,
        toDevice device: UInt16
    ) throws(SandboxError) -> String {
        guard phones[number] != nil else { throw .unknownPhone }
        let target = DeviceAddress(number: number, device: device)
        let plain = padded(message)
        guard
            phones[number]?.devices[device] != nil,
            let node = encrypt(plain, by: number, for: target, by: .phoneNumber, [:])
        else {
            throw .unknownDevice
        }
        let id = newMessageID(of: number)
        let stanza = BinaryNode(
            "message",
            [
                "id": .text(id), "to": .jid(jid(of: target, by: .phoneNumber)), "type": "text", "category": "peer",
                "push_priority": "high",
            ],
            children: [node, BinaryNode("meta", ["appdata": "default"])]
        )
        peerMessages.add(PeerMessages.Entry(id: id, number: number, device: device, content: message))
        _ = relay(stanza, from: phoneAddress(number))
        return id
    }
}

extension WAMessage {
    /// The copy for the writer's other devices.
    func deviceSent(to chat: JID) -> WAMessage {
        var copy = WAMessage()
        copy.deviceSentMessage.destinationJid = chat.description
        copy.deviceSentMessage.message = self
        if hasMessageContextInfo { copy.messageContextInfo = messageContextInfo }
        return copy
    }
}

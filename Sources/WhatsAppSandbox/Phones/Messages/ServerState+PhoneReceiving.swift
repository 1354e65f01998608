import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// What a phone makes of a stanza that the server has for it.
    mutating func phoneReceives(_ node: BinaryNode, at number: String) {
        guard phones.index(forKey: number) != nil else { return }
        switch node.tag {
        case "message": readMessage(node, at: number)
        case "receipt": readReceipt(node, at: number)
        default: break
        }
    }

    private mutating func readMessage(_ node: BinaryNode, at number: String) {
        guard
            let from = node.attributes.jid("from"), let id = node.attributes.text("id"),
            let author = from.server == .group || from.server == .broadcast
                ? node.attributes.jid("participant") : from,
            let sender = address(of: author)
        else { return }
        if load == nil, from.server != .group, from.server != .broadcast, sender.number != number {
            phones[number]?.heard(sender.number, by: AddressingForm(from.server))
        }
        var failure: SignalError?
        for enc in node.children("enc").sorted(by: { !$0.isGroupCiphertext && $1.isGroupCiphertext }) {
            // Without its key, which came along, a group's ciphertext cannot be read.
            if failure != nil, enc.isGroupCiphertext { break }
            do throws(SignalError) {
                let message = try decrypt(enc, at: number, group: from, from: sender, by: AddressingForm(author.server))
                take(message, node, id: id, chat: from, at: number, from: sender)
            } catch {
                if case .duplicate = error { continue }
                failure = error
            }
        }
        if let failure {
            askAgain(node, id: id, from: from, sender: sender, at: number, because: failure)
        } else if sender.number != number, phones[number]?.sendsReceipts == true {
            forward(receipt: deliveryReceipt(node, id: id, to: from), type: nil, from: phoneAddress(number))
        }
    }

    private mutating func decrypt(
        _ enc: BinaryNode,
        at number: String,
        group: JID,
        from sender: DeviceAddress,
        by form: AddressingForm
    ) throws(SignalError) -> WAMessage {
        guard let ciphertext = enc.bytes else { throw .malformed }
        var random = random
        let padded = try change(number) { phone throws(SignalError) in
            guard !enc.isGroupCiphertext else {
                return try phone.signal.decrypt(ciphertext, group: group.description, from: sender)
            }
            return try phone.signal.decrypt(
                ciphertext,
                isFirst: enc.attributes.text("type") == "pkmsg",
                from: sender,
                by: form,
                using: &random
            )
        }
        guard
            let padded, let plain = Padding.remove(from: padded),
            let message = try? WAMessage(serializedBytes: Array(plain))
        else { throw .malformed }
        add(.save)
        return message
    }

    /// A decrypted message: keys of groups first, then what somebody would read.
    private mutating func take(
        _ message: WAMessage,
        _ node: BinaryNode,
        id: String,
        chat: JID,
        at number: String,
        from sender: DeviceAddress
    ) {
        if message.hasSenderKeyDistributionMessage {
            let bytes = message.senderKeyDistributionMessage.axolotlSenderKeyDistributionMessage
            if let distribution = try? SenderKeyDistribution(bytes) {
                phones[number]?.signal.process(distribution, group: chat.description, from: sender)
            }
            var rest = message
            rest.clearSenderKeyDistributionMessage()
            rest.clearMessageContextInfo()
            if rest == WAMessage() { return }
        }
        var content = message
        var place = chat
        if message.hasDeviceSentMessage {
            guard sender.number == number, let chat = JID(message.deviceSentMessage.destinationJid) else { return }
            content = message.deviceSentMessage.message
            place = chat
        } else if node.attributes.text("category") == "peer" {
            guard sender.number == number else { return }
            return takePeerMessage(message, id: id, at: number, from: sender.device)
        } else if sender.number == number, let recipient = node.attributes.jid("recipient") {
            place = recipient
        }
        if load != nil, content.hasConversation {
            let (isOwn, time) = (sender.number == number, microseconds)
            if load?.took(content.conversation, isOwn: isOwn, at: time) == true { return }
        } else if load != nil, content.hasExtendedTextMessage {
            let (isOwn, time) = (sender.number == number, microseconds)
            let quoted = content.extendedTextMessage.contextInfo.stanzaID
            if load?.tookAnswer(to: quoted, isOwn: isOwn, at: time) == true { return }
        }
        let name = chatName(place)
        phones[number]?.log.add(
            id: id,
            chat: name,
            author: sender,
            isOwn: sender.number == number,
            time: now,
            content: content
        )
        if content.hasProtocolMessage, content.protocolMessage.type == .ephemeralSetting {
            phones[number]?.timers[name.description] = content.protocolMessage.ephemeralExpiration
        }
    }

    /// A chat as phones' logs name it: people by phone number.
    func chatName(_ jid: JID) -> JID {
        number(of: jid).map { JID(user: $0, server: .user) } ?? jid.withoutDevice
    }

    func phoneAddress(_ number: String) -> DeviceAddress { DeviceAddress(number: number, device: 0) }

    private func deliveryReceipt(_ node: BinaryNode, id: String, to from: JID) -> BinaryNode {
        BinaryNode(
            "receipt",
            ["id": .text(id), "to": .jid(from), "participant": node.attributes["participant"]]
        )
    }

    private mutating func readReceipt(_ node: BinaryNode, at number: String) {
        guard
            let id = node.attributes.text("id"), let from = node.attributes.jid("from"),
            let reader = address(of: node.attributes.jid("participant") ?? from)
        else { return }
        let type = node.attributes.text("type") ?? ""
        let time = microseconds
        let listed = node.child("list")?.children("item").compactMap { $0.attributes.text("id") } ?? []
        if load?.acknowledged(id, isRetry: type == "retry", at: time) == true, type != "retry" {
            for message in listed { _ = load?.acknowledged(message, isRetry: false, at: time) }
            return
        }
        guard type != "retry" else { return sendAgain(node, id: id, at: number, to: reader, chat: from) }
        guard reader.number != number else { return }
        for message in [id] + listed {
            phones[number]?.log.record(PhoneLog.Receipt(device: reader, type: type), of: message)
        }
    }
}

extension BinaryNode {
    fileprivate var isGroupCiphertext: Bool { attributes.text("type") == "skmsg" }
}

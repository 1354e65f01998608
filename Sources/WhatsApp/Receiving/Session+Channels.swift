internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// A post of a channel: not encrypted.
    func handleChannelMessage(_ node: BinaryNode, _ envelope: MessageEnvelope) {
        guard let bytes = node.child("plaintext")?.bytes, bytes.count <= Self.plaintextLimit,
            let message = try? WAMessage(serializedBytes: Array(bytes))
        else { return acknowledge(node) }
        let received = ReceivedMessage(
            id: envelope.id,
            chat: envelope.chat,
            sender: envelope.chat,
            isFromMe: node.attributes.text("is_sender") == "true",
            timestamp: envelope.timestamp,
            pushName: envelope.pushName,
            isOffline: envelope.isOffline,
            edit: envelope.edit,
            serverID: envelope.serverID,
            message: message
        )
        let stored = StoredMessage(
            chat: envelope.chat.description,
            sender: envelope.chat.description,
            id: envelope.id,
            isFromMe: received.isFromMe,
            timestamp: envelope.timestamp,
            kind: MessageKind(of: message).rawValue,
            content: Array(bytes)
        )
        stage(stored, telling: received, isDuplicate: { $0.counters.duplicates += 1 })
        acknowledge(node)
    }

    /// A channel takes the message as it is.
    func prepareForChannel(_ message: WAMessage, channel: JID, id: String) async throws(SendError) -> PreparedMessage {
        guard let encoded = try? message.serializedBytes() as [UInt8] else {
            throw .invalid(field: "message", reason: "It cannot be encoded.")
        }
        guard !message.hasProtocolMessage else {
            throw .invalid(field: "message", reason: "Posts are changed by post, under their own name.")
        }
        let stanza: BinaryNode
        do {
            stanza = try NewsletterRequests.post(message, to: channel, id: id, handle: nil)
        } catch {
            throw SendError(error)
        }
        stageSent(message, encoded, id: id, chat: channel, sender: channel)
        return PreparedMessage(
            stanza: stanza,
            chat: channel,
            devices: []
        )
    }
}

package import Foundation
import SwiftProtobuf
import WhatsAppProtobufs
import WhatsAppWire

/// A message in a phone's log as the control API and tests see it.
package struct PhoneMessageView: Sendable, Equatable, Codable {
    /// Rises by one with every message of the phone.
    package let number: UInt64
    package let id: String
    /// People by phone number.
    package let chat: String
    /// The author's account, by phone number.
    package let from: String
    /// The author's device; 0 is the phone.
    package let device: UInt16
    /// Whether the phone's account wrote it.
    package let own: Bool
    package let time: Date
    /// A word such as `text`, `image`, `reaction` or `edit`.
    package let kind: String
    package let text: String?
    /// The message that is answered, reacted to, edited, revoked, pinned or voted on.
    package let target: String?
    /// What was voted for.
    package let choices: [String]?
    /// Seconds after which it disappears.
    package let expiration: UInt32?
    /// How often it has come.
    package let copies: Int
    package let receipts: [Receipt]
    /// The code that the server refused it with.
    package let error: Int?
    /// The encoded `Message`.
    package let content: Data

    package struct Receipt: Sendable, Equatable, Codable {
        package let from: String
        package let device: UInt16
        /// `delivered`, `read`, `played`, `inactive`.
        package let type: String
    }
}

extension ServerState {
    /// The number of the message that a caller has seen last, who names it by its `id` or its `number`.
    func place(of message: String?, at number: String) throws(SandboxError) -> UInt64 {
        guard let phone = phones[number] else { throw .unknownPhone }
        guard let message, !message.isEmpty else { return 0 }
        if let entry = phone.log.entries(after: 0).last(where: { $0.id == message }) { return entry.number }
        guard let place = UInt64(message) else {
            throw .invalid(field: "after", reason: "The phone has no message of this id.")
        }
        return place
    }

    /// What a phone has sent and received, after a number.
    func messages(of number: String, after: UInt64) throws(SandboxError) -> [PhoneMessageView] {
        guard let phone = phones[number] else { throw .unknownPhone }
        return phone.log.entries(after: after).map { entry in
            let content = entry.content.unwrapped
            let key = content.targetKey.map(\.id)
            return PhoneMessageView(
                number: entry.number,
                id: entry.id,
                chat: entry.chat.description,
                from: entry.author.number,
                device: entry.author.device,
                own: entry.isOwn,
                time: entry.time,
                kind: entry.content.kind,
                text: entry.content.readableText,
                target: key ?? entry.content.quotedID,
                choices: content.hasPollUpdateMessage ? choices(of: entry, phone: phone) : nil,
                expiration: content.extendedTextMessage.contextInfo.hasExpiration
                    ? content.extendedTextMessage.contextInfo.expiration : nil,
                copies: entry.copies,
                receipts: entry.receipts.map {
                    .init(
                        from: $0.device.number,
                        device: $0.device.device,
                        type: $0.type.isEmpty ? "delivered" : $0.type
                    )
                },
                error: entry.error,
                content: (try? entry.content.serializedBytes()) ?? Data()
            )
        }
    }
}

package import Foundation
package import WhatsApp
package import WhatsAppProtobufs
package import WhatsAppWire

/// A message on its way through the pipeline.
package struct HeardMessage: Sendable {
    package let id: String
    package let chat: JID
    package let sender: Person
    package let device: UInt16
    package let isFromMe: Bool
    package let timestamp: Date
    package let pushName: String?
    /// What a person would read of it; empty where there is nothing.
    package let text: String
    package let message: WAMessage
    /// When it got here, on the clock of the time source that only rises.
    package let arrival: Duration

    package var isGroup: Bool { chat.server == .group }

    /// Everything else about it; costs time, so it is looked at once and kept.
    package var content: MessageContent { MessageContent(message) }

    /// The message that this one has changed, with what stands there now.
    func standing(as id: String, of author: JID, _ content: WAMessage) -> HeardMessage {
        HeardMessage(
            id: id,
            chat: chat,
            sender: Person(author),
            device: device,
            isFromMe: isFromMe,
            timestamp: timestamp,
            pushName: pushName,
            text: content.plainText ?? "",
            message: content,
            arrival: arrival
        )
    }

    /// As another message refers to it.
    package var target: MessageTarget {
        MessageTarget(chat: chat, id: id, isFromMe: isFromMe, author: sender.jid, timestamp: timestamp)
    }
}

import Fleet
import Foundation
import WhatsApp
import WhatsAppWire

/// First: what was written, and by whom.
enum TextStage {
    /// Messages that waited at the service for longer are not answered any more.
    static let ageLimit: TimeInterval = 600

    static func read(_ received: ReceivedMessage, at arrival: Duration) -> HeardMessage {
        HeardMessage(
            id: received.id,
            chat: received.chat,
            sender: Person(received.sender, alternate: received.senderAlternate),
            device: received.device,
            isFromMe: received.isFromMe,
            timestamp: received.timestamp,
            pushName: received.pushName,
            text: received.message.plainText ?? "",
            message: received.message,
            arrival: arrival
        )
    }

    /// Whether a bot answers in such a chat at all, and the message is not older than anybody waits.
    static func isAnswerable(_ received: ReceivedMessage, at now: Date) -> Bool {
        guard received.edit == nil else { return false }
        switch received.chat.server {
        case .user, .lid, .group: break
        default: return false
        }
        return !received.isOffline || now.timeIntervalSince(received.timestamp) < ageLimit
    }
}

import Crypto
package import WhatsApp
import WhatsAppProtobufs

/// Answers every text with `echo:` and the text; for figures under load.
package struct EchoListener: SessionListener {
    private static let mark = "echo:"

    package let name = "echo"

    package init() {}

    package func hear(_ event: SessionEvent, number: EventNumber?, of session: RunningSession) async {
        // An answer to an answer would never end.
        guard case .message(let received) = event, !received.isFromMe, let text = received.message.plainText,
            !text.hasPrefix(Self.mark)
        else { return }
        var answer = WAMessage()
        answer.conversation = Self.mark + text
        // What cannot be sent is in the session's counters.
        _ = try? await session.session.send(answer, to: received.chat, id: Self.id(answering: received))
    }

    /// Every answer has its id from the message, so that the phone drops the second one to a message that is told twice.
    private static func id(answering message: ReceivedMessage) -> String {
        let hash = SHA256.hash(data: Array("echo \(message.chat) \(message.sender) \(message.id)".utf8))
        let digits = hash.prefix(9).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return "3EB0" + digits.joined().uppercased()
    }
}

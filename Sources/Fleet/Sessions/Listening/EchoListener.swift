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
        var id: [UInt8] = Array("3EB0".utf8)
        id.reserveCapacity(22)
        for byte in hash.prefix(9) {
            for digit in [byte >> 4, byte & 15] { id.append(digit < 10 ? 48 + digit : 55 + digit) }
        }
        return String(decoding: id, as: UTF8.self)
    }
}

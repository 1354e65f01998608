package import WhatsApp
import WhatsAppProtobufs

/// Answers every text with `echo:` and the text; for figures under load.
package struct EchoListener: SessionListener {
    private static let mark = "echo:"

    package let name = "echo"

    package init() {}

    package func hear(_ event: SessionEvent, of session: RunningSession) async {
        // An answer to an answer would never end.
        guard case .message(let received) = event, !received.isFromMe, let text = received.message.plainText,
            !text.hasPrefix(Self.mark)
        else { return }
        var answer = WAMessage()
        answer.conversation = Self.mark + text
        // What cannot be sent is in the session's counters.
        _ = try? await session.session.send(answer, to: received.chat)
    }
}

import WhatsApp

/// Twelfth: what who asked is told when the command itself has not told it.
enum ReplyStage {
    static func text(for outcome: ExecutionStage.Outcome, _ language: BotLanguage) -> String? {
        switch outcome {
        case .done, .cancelled: nil
        case .refused(let text): text
        case .failed(let error): reason(error) ?? BotPhrase.failed.text(language)
        case .timedOut: BotPhrase.tookTooLong.text(language)
        }
    }

    /// What the service has refused, where a person can do something about it.
    private static func reason(_ error: any Error) -> String? {
        switch error {
        case RequestError.invalid(let field, let reason), SendError.invalid(let field, let reason):
            "\(field.firstUppercased): \(reason)"
        case RequestError.refused(let code, _, _), SendError.refused(let code),
            SendError.request(.refused(let code, _, _)):
            switch code {
            case 401, 403: "WhatsApp does not allow me to do that."
            case 404: "WhatsApp does not know that."
            case 419: "The group is full."
            case 429: "WhatsApp asks me to be slower. Please try again later."
            default: "WhatsApp has refused that (\(code))."
            }
        default: nil
        }
    }

    /// Answers a message outside of any command, quoting it; what cannot be sent is in the session's counters.
    static func say(_ text: String, to message: HeardMessage, _ ids: AnswerIDs, _ session: Session) async {
        var outgoing = OutgoingMessage(.text(OutgoingText(text)))
        outgoing.quote = QuotedMessage(target: message.target, message: message.message)
        _ = try? await session.send(outgoing, to: message.chat, id: ids.next())
    }
}

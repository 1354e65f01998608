import WhatsApp

/// Twelfth: what who asked is told when the command itself has not told it.
enum ReplyStage {
    static func text(for outcome: ExecutionStage.Outcome, _ language: BotLanguage) -> String? {
        phrase(for: outcome)?.text(language)
    }

    private static func phrase(for outcome: ExecutionStage.Outcome) -> Phrase? {
        switch outcome {
        case .done, .cancelled: nil
        case .refused(let phrase): phrase
        case .failed(let error): reason(error) ?? .failed
        case .timedOut: .tookTooLong
        }
    }

    /// What the service has refused, where a person can do something about it.
    private static func reason(_ error: any Error) -> Phrase? {
        switch error {
        case RequestError.invalid(let field, let reason), SendError.invalid(let field, let reason):
            ClientWords.phrase(field, reason)
        case RequestError.refused(let code, _, _), SendError.refused(let code),
            SendError.request(.refused(let code, _, _)):
            switch code {
            case 401, 403:
                Phrase(
                    en: "WhatsApp does not allow me to do that.",
                    id: "WhatsApp tidak mengizinkan saya melakukan itu."
                )
            case 404: Phrase(en: "WhatsApp does not know that.", id: "WhatsApp tidak mengenal itu.")
            case 419: Phrase(en: "The group is full.", id: "Grupnya penuh.")
            case 429:
                Phrase(
                    en: "WhatsApp asks me to be slower. Please try again later.",
                    id: "WhatsApp meminta saya pelan-pelan. Coba lagi nanti."
                )
            default: Phrase(en: "WhatsApp has refused that (\(code)).", id: "WhatsApp menolak itu (\(code)).")
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

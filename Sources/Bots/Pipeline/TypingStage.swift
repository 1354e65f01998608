import WhatsApp
import WhatsAppWire

/// Around the eleventh: shows that the bot is at work, where its owner has switched that on.
struct TypingStage: Sendable {
    /// Phones forget it after some time.
    private static let repetition = Duration.seconds(10)

    /// Shows it while `work` goes on; what cannot be shown is left.
    func shown<Value: Sendable>(
        for bot: LiveBot,
        in chat: JID,
        by session: Session,
        _ work: @Sendable () async -> Value
    ) async -> Value {
        let state: TypingChange.State
        switch bot.conduct.settings.autoTyping ?? .off {
        case .off: return await work()
        case .typing: state = .composing
        case .recording: state = .recording
        }
        return await withTaskGroup(of: Void.self) { group in
            try? await session.setTyping(state, in: chat)
            group.addTask {
                while (try? await Task.sleep(for: Self.repetition)) != nil {
                    try? await session.setTyping(state, in: chat)
                }
            }
            let value = await work()
            group.cancelAll()
            try? await session.setTyping(.paused, in: chat)
            return value
        }
    }
}

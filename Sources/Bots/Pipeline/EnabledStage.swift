/// Eighth: whether the bot offers the command here, and answers here at all.
enum EnabledStage {
    enum Verdict: Equatable {
        case offered
        /// Said to who asked.
        case disabled
        /// The bot does not answer: not a word is said.
        case silent
    }

    static func check(_ declaration: CommandDeclaration, _ conduct: BotConduct, chat: ChatSettings?) -> Verdict {
        // However silent, it must be possible to switch it on again.
        if chat?.isSilent == true, declaration.category != .owner { return .silent }
        return conduct.offers(declaration, in: chat) ? .offered : .disabled
    }

    /// Whether the bot's mode lets it answer there; owners are always obeyed.
    static func admits(_ mode: BotMode, isGroup: Bool, isTrusted: Bool) -> Bool {
        switch mode {
        case .public: true
        case .private: isTrusted
        case .groups: isGroup || isTrusted
        case .inbox: !isGroup || isTrusted
        }
    }
}

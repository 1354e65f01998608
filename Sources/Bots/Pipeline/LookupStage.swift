import WhatsApp

/// Seventh: the command of a name, the program's own before those of the bot.
enum LookupStage {
    static func find(_ name: String, _ bot: LiveBot, _ registry: CommandRegistry) -> (any Command)? {
        registry.find(name) ?? bot.automation?.commands[name]
    }
}

extension MessageKind {
    /// Whether it takes back or changes another message.
    var changesAnother: Bool { self == .revoke || self == .edit }
}

/// Settings and rules that fill a new bot.
package struct BotPreset: Sendable {
    package let id: String
    package let name: String
    package let summary: String
    package let settings: ConductSettings
    package let rules: [AutoReplyRule]

    private init(
        _ id: String,
        _ name: String,
        _ summary: String,
        rules: [AutoReplyRule] = [],
        _ change: (inout ConductSettings) -> Void
    ) {
        self.id = id
        self.name = name
        self.summary = summary
        self.rules = rules
        var settings = ConductSettings()
        change(&settings)
        self.settings = settings
    }

    package static func named(_ id: String) -> BotPreset? { all.first { $0.id == id } }

    package static let all: [BotPreset] = [
        BotPreset("everything", "Everything", "Answers everybody, everywhere, with all commands.") { settings in
            settings.mode = .public
        },
        BotPreset(
            "moderator",
            "Group moderator",
            "Works in groups alone: greets, warns and keeps order, without media and downloads."
        ) { settings in
            settings.mode = .groups
            settings.disabledCategories = [.downloads, .media, .ai]
            settings.welcome = "Welcome {mention} to {group}! You are number {members}."
            settings.goodbye = "Goodbye {name}."
            settings.keepsDeleted = true
        },
        BotPreset(
            "shop",
            "Shop",
            "Answers customers in private chats with opening hours and prices, by rules that are there to be changed.",
            rules: [
                AutoReplyRule(match: .contains, pattern: "open", answer: "We are open from Monday to Friday, 9 to 17."),
                AutoReplyRule(
                    match: .contains,
                    pattern: "price",
                    answer: "Hello {name}, tell us which product you mean."
                ),
                AutoReplyRule(
                    match: .starts,
                    pattern: "hello",
                    answer: "Hello {name}, how can we help?",
                    priority: -10
                ),
            ]
        ) { settings in
            settings.mode = .inbox
            settings.readsMessages = true
            settings.autoTyping = .typing
            settings.disabledCategories = [.group, .downloads, .status]
        },
        BotPreset("personal", "Personal assistant", "Answers its owner alone, looks at statuses and refuses calls.") {
            settings in
            settings.mode = .private
            settings.viewsStatuses = true
            settings.rejectsCalls = true
            settings.keepsDeleted = true
        },
        BotPreset("media", "Media and stickers", "Stickers, conversions and downloads, without moderation.") {
            settings in
            settings.mode = .public
            settings.disabledCategories = [.group, .ai]
        },
    ]
}

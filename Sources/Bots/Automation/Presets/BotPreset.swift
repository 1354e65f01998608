/// Settings and rules that fill a bot.
package struct BotPreset: Sendable {
    package let id: String
    package let name: Phrase
    package let summary: Phrase
    private let change: @Sendable (inout ConductSettings, BotLanguage) -> Void
    private let makeRules: @Sendable (BotLanguage) -> [AutoReplyRule]

    private init(
        _ id: String,
        _ name: Phrase,
        _ summary: Phrase,
        rules: @escaping @Sendable (BotLanguage) -> [AutoReplyRule] = { _ in [] },
        _ change: @escaping @Sendable (inout ConductSettings, BotLanguage) -> Void
    ) {
        self.id = id
        self.name = name
        self.summary = summary
        self.change = change
        makeRules = rules
    }

    package static func named(_ id: String) -> BotPreset? { all.first { $0.id == id } }

    /// What it sets, with texts in a language.
    package func settings(in language: BotLanguage) -> ConductSettings {
        var settings = ConductSettings()
        change(&settings, language)
        return settings
    }

    /// Its rules, each new, with texts in a language.
    package func rules(in language: BotLanguage) -> [AutoReplyRule] { makeRules(language) }

    /// Puts what it sets in the place of a bot's settings; its people, prefixes, language and time zone stay.
    func fill(_ settings: inout ConductSettings, in language: BotLanguage) {
        var filled = self.settings(in: language)
        filled.owners = settings.owners
        filled.admins = settings.admins
        filled.prefixes = settings.prefixes
        filled.language = settings.language
        filled.timeZone = settings.timeZone
        settings = filled
    }

    package static let all: [BotPreset] = [
        BotPreset(
            "everything",
            Phrase(en: "Everything", id: "Semua"),
            Phrase(
                en: "Answers everybody, everywhere, with all commands.",
                id: "Menjawab semua orang di mana saja, dengan semua perintah."
            )
        ) { settings, _ in
            settings.mode = .public
        },
        BotPreset(
            "moderator",
            Phrase(en: "Group moderator", id: "Moderator grup"),
            Phrase(
                en: "Works in groups alone: greets, warns and keeps order, without media and downloads.",
                id: "Hanya di grup: menyambut, memperingatkan, dan menjaga ketertiban, tanpa media dan unduhan."
            )
        ) { settings, language in
            settings.mode = .groups
            settings.disabledCategories = [.downloads, .media, .ai]
            settings.keepsDeleted = true
            switch language {
            case .english:
                settings.welcome = "Welcome {mention} to {group}! You are number {members}."
                settings.goodbye = "Goodbye {name}."
            case .indonesian:
                settings.welcome = "Selamat datang {mention} di {group}! Anda anggota ke-{members}."
                settings.goodbye = "Sampai jumpa {name}."
            }
        },
        BotPreset(
            "shop",
            Phrase(en: "Shop", id: "Toko"),
            Phrase(
                en:
                    "Answers customers in private chats with opening hours and prices, by rules that are there to be changed.",
                id: "Menjawab pelanggan di chat pribadi soal jam buka dan harga, dengan aturan yang bisa diubah."
            ),
            rules: shopRules
        ) { settings, _ in
            settings.mode = .inbox
            settings.readsMessages = true
            settings.autoTyping = .typing
            settings.disabledCategories = [.group, .downloads, .status]
        },
        BotPreset(
            "personal",
            Phrase(en: "Personal assistant", id: "Asisten pribadi"),
            Phrase(
                en: "Answers its owner alone, looks at statuses and refuses calls.",
                id: "Hanya menjawab pemilik, melihat status, dan menolak panggilan."
            )
        ) {
            settings,
            _ in
            settings.mode = .private
            settings.viewsStatuses = true
            settings.rejectsCalls = true
            settings.keepsDeleted = true
        },
        BotPreset(
            "media",
            Phrase(en: "Media and stickers", id: "Media dan stiker"),
            Phrase(
                en: "Stickers, conversions and downloads, without moderation.",
                id: "Stiker, konversi, dan unduhan, tanpa moderasi."
            )
        ) {
            settings,
            _ in
            settings.mode = .public
            settings.disabledCategories = [.group, .ai]
        },
    ]

    @Sendable
    private static func shopRules(_ language: BotLanguage) -> [AutoReplyRule] {
        switch language {
        case .english:
            [
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
        case .indonesian:
            [
                AutoReplyRule(match: .contains, pattern: "buka", answer: "Kami buka Senin sampai Jumat, pukul 9–17."),
                AutoReplyRule(match: .contains, pattern: "harga", answer: "Halo {name}, produk mana yang dimaksud?"),
                AutoReplyRule(
                    match: .starts,
                    pattern: "halo",
                    answer: "Halo {name}, ada yang bisa dibantu?",
                    priority: -10
                ),
            ]
        }
    }
}

/// Greets who joins a group, or says goodbye to who leaves.
struct GreetingCommand: Command {
    enum Occasion { case joining, leaving }

    let declaration: CommandDeclaration
    private let occasion: Occasion

    init(_ occasion: Occasion) {
        self.occasion = occasion
        let isJoining = occasion == .joining
        declaration = CommandDeclaration(
            isJoining ? "welcome" : "goodbye",
            aliases: isJoining ? [] : ["bye"],
            .group,
            isJoining
                ? Phrase(
                    en: "Greets people who join; the text may hold {mention}, {group}, {members} and {description}.",
                    id: "Menyambut anggota baru; teksnya boleh memuat {mention}, {group}, {members}, dan {description}."
                )
                : Phrase(
                    en: "Says goodbye to people who leave; the text may hold {mention}, {group} and {members}.",
                    id: "Pamit kepada anggota yang keluar; teksnya boleh memuat {mention}, {group}, dan {members}."
                ),
            arguments: [
                CommandArgument(
                    "state",
                    "status",
                    .choice(["on", "off", "set", "show"]),
                    Phrase(
                        en: "On, off, a new text, or the text.",
                        id: "Hidup (on), mati (off), teks baru (set), atau lihat teksnya (show)."
                    )
                ),
                CommandArgument(
                    "text",
                    "teks",
                    .text,
                    optional: true,
                    Phrase(en: "For set: the text.", id: "Untuk set: teksnya.")
                ),
            ],
            permissions: [.groupOnly, .groupAdmin]
        )
    }

    func run(_ context: CommandContext) async throws {
        let state = context.arguments["state"] ?? "show"
        let text = context.arguments["text"]
        if state == "set" {
            guard let text, text.count <= ConductSettings.textLimit else {
                throw context.refusal(
                    Phrase(
                        en: "Write a text of at most \(ConductSettings.textLimit) characters.",
                        id: "Tulis teks, paling banyak \(ConductSettings.textLimit) karakter."
                    )
                )
            }
        }
        let (isOn, own) = fields
        let settings = try await context.changeChat { settings in
            switch state {
            case "on": settings[keyPath: isOn] = true
            case "off": settings[keyPath: isOn] = false
            case "set":
                settings[keyPath: isOn] = true
                settings[keyPath: own] = text
            default: break
            }
        }
        let shown = settings[keyPath: own].map { Phrase(same: "\($0)") } ?? usual(context.conduct.settings)
        try await context.reply(settings[keyPath: isOn] == true ? Phrase(same: "\(told)\n\(shown)") : untold)
    }

    private var fields: (isOn: WritableKeyPath<ChatSettings, Bool?>, text: WritableKeyPath<ChatSettings, String?>) {
        switch occasion {
        case .joining: (\.isWelcoming, \.welcome)
        case .leaving: (\.isSayingGoodbye, \.goodbye)
        }
    }

    /// What is said in chats without a text of their own.
    private func usual(_ settings: ConductSettings) -> Phrase {
        switch occasion {
        case .joining: settings.welcome.map { Phrase(same: "\($0)") } ?? GroupStage.welcome
        case .leaving: settings.goodbye.map { Phrase(same: "\($0)") } ?? GroupStage.goodbye
        }
    }

    private var told: Phrase {
        occasion == .joining
            ? Phrase(en: "Who joins is greeted:", id: "Anggota baru disambut dengan:")
            : Phrase(en: "Who leaves is told:", id: "Anggota yang keluar dilepas dengan:")
    }
    private var untold: Phrase {
        occasion == .joining
            ? Phrase(en: "Nobody is greeted.", id: "Anggota baru tidak disambut.")
            : Phrase(en: "Nobody is told goodbye.", id: "Anggota yang keluar tidak dipamiti.")
    }
}

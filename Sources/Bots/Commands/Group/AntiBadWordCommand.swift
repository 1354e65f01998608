/// Watches for bad words.
struct AntiBadWordCommand: Command {
    let declaration = CommandDeclaration(
        "antibadword",
        aliases: ["antitoxic", "badword"],
        .group,
        Phrase(
            en: "Takes away messages with bad words, and warns or removes who wrote them.",
            id: "Menghapus pesan dengan kata kasar, lalu memperingatkan atau mengeluarkan penulisnya."
        ),
        arguments: [
            CommandArgument(
                "action",
                "aksi",
                .choice(["off", "delete", "warn", "kick", "add", "remove", "list"]),
                Phrase(en: "What is done, or the list.", id: "Tindakannya, atau isi daftarnya.")
            ),
            CommandArgument(
                "words",
                "kata",
                .text,
                optional: true,
                Phrase(
                    en: "For add and remove: words, with commas between them.",
                    id: "Untuk add dan remove: kata-katanya, dipisah koma."
                )
            ),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["action"] ?? "off"
        let words = (context.arguments["words"] ?? "").lowercased().split(separator: ",").map(\.trimmed)
            .filter { (1...60).contains($0.count) }
        if word == "add" || word == "remove", words.isEmpty {
            throw context.refusal(
                Phrase(en: "Name words, with commas between them.", id: "Tulis kata-katanya, dipisah koma.")
            )
        }
        let settings = try await context.changeChat { settings in
            var rule = settings.words ?? WordRule(action: .delete)
            switch word {
            case "list": return
            case "off":
                settings.words = nil
                return
            case "add": rule.words = Array(Set(rule.words + words)).sorted()
            case "remove": rule.words.removeAll { words.contains($0) }
            default: rule.action = ModerationAction(rawValue: word) ?? .delete
            }
            guard rule.words.count <= ChatSettings.wordLimit else {
                throw CommandRefusal(
                    Phrase(
                        en: "At most \(ChatSettings.wordLimit) words.",
                        id: "Paling banyak \(ChatSettings.wordLimit) kata."
                    )
                )
            }
            settings.words = rule
        }
        guard let rule = settings.words else {
            try await context.reply(Phrase(en: "Bad words are not watched.", id: "Kata kasar tidak diawasi."))
            return
        }
        let list = word == "list" ? "\n" + rule.words.joined(separator: ", ") : ""
        try await context.reply(
            Phrase(
                en: "Bad words: \(rule.action.word), \(rule.words.count) on the list.\(list)",
                id: "Kata kasar: \(rule.action.word), \(rule.words.count) dalam daftar.\(list)"
            )
        )
    }
}

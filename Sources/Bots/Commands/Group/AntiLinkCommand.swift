/// Watches for links.
struct AntiLinkCommand: Command {
    let declaration = CommandDeclaration(
        "antilink",
        .group,
        Phrase(
            en: "Takes away messages with links, and warns or removes who wrote them.",
            id: "Menghapus pesan berisi tautan, lalu memperingatkan atau mengeluarkan penulisnya."
        ),
        arguments: [
            CommandArgument(
                "action",
                "aksi",
                .choice(["off", "delete", "warn", "kick", "allow", "forbid"]),
                Phrase(en: "What is done, or the list.", id: "Tindakannya, atau isi daftarnya.")
            ),
            CommandArgument(
                "hosts",
                "situs",
                .text,
                optional: true,
                Phrase(
                    en: "For allow and forbid: hosts such as youtube.com.",
                    id: "Untuk allow dan forbid: situs seperti youtube.com."
                )
            ),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["action"] ?? "off"
        let hosts = (context.arguments["hosts"] ?? "").lowercased().split { $0.isWhitespace || $0 == "," }.map(
            String.init
        )
        if word == "allow" || word == "forbid" {
            guard !hosts.isEmpty, hosts.allSatisfy(ChatSettings.isHost) else {
                throw context.refusal(
                    Phrase(en: "Name hosts such as youtube.com.", id: "Tulis situsnya, misalnya youtube.com.")
                )
            }
        }
        let settings = try await context.changeChat { settings in
            var rule = settings.links ?? LinkRule(action: .delete)
            switch word {
            case "off":
                settings.links = nil
                return
            case "allow": rule.allowed = Array(Set(rule.allowed + hosts)).sorted()
            case "forbid": rule.allowed.removeAll { hosts.contains($0) }
            default: rule.action = ModerationAction(rawValue: word) ?? .delete
            }
            guard rule.allowed.count <= ChatSettings.hostLimit else {
                throw CommandRefusal(
                    Phrase(
                        en: "At most \(ChatSettings.hostLimit) hosts.",
                        id: "Paling banyak \(ChatSettings.hostLimit) situs."
                    )
                )
            }
            settings.links = rule
        }
        guard let rule = settings.links else {
            try await context.reply(Phrase(en: "Links are allowed.", id: "Tautan diizinkan."))
            return
        }
        let allowed =
            rule.allowed.isEmpty
            ? Phrase(en: "none", id: "tidak ada") : Phrase(same: "\(rule.allowed.joined(separator: ", "))")
        try await context.reply(
            Phrase(
                en: "Links: \(rule.action.word). Allowed: \(allowed).",
                id: "Tautan: \(rule.action.word). Diizinkan: \(allowed)."
            )
        )
    }
}

/// Tells about the bot.
struct InfoCommand: Command {
    let declaration = CommandDeclaration(
        "info",
        aliases: ["botinfo", "about"],
        .general,
        Phrase(
            en: "Tells about the bot: name, owner, prefix, mode, commands and uptime.",
            id: "Menampilkan info bot: nama, pemilik, awalan, mode, perintah, dan lama aktif."
        )
    )

    func run(_ context: CommandContext) async throws {
        let conduct = context.conduct
        let offered = context.services.registry.commands.filter {
            conduct.offers($0.declaration, in: context.chatSettings)
        }
        let prefixes = conduct.prefixes.filter { !$0.isEmpty }.joined(separator: " ")
        let count = offered.count + context.customCommandNames.count
        var lines = [Phrase(same: "*\(conduct.name)*")]
        if let owner = conduct.ownerName { lines.append(Phrase(en: "Owner: \(owner)", id: "Pemilik: \(owner)")) }
        lines += [
            Phrase(en: "Prefix: \(prefixes)", id: "Awalan: \(prefixes)"),
            Phrase(en: "Mode: \(conduct.mode.rawValue)", id: "Mode: \(conduct.mode.rawValue)"),
            Phrase(en: "Language: \(conduct.language.rawValue)", id: "Bahasa: \(conduct.language.rawValue)"),
            Phrase(en: "Commands: \(count)", id: "Perintah: \(count)"),
            Phrase(en: "Up for \(context.services.uptime())", id: "Aktif selama \(context.services.uptime())"),
        ]
        try await context.reply(lines.joined(separator: "\n"))
    }
}

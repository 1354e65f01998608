import WhatsApp
import WhatsAppWire

/// Says who administers the bot.
struct AdminCommand: Command {
    let declaration = CommandDeclaration(
        "sudo",
        aliases: ["botadmin"],
        .owner,
        Phrase(
            en: "Lists who may use commands for the bot's administrators, or changes it.",
            id: "Menampilkan atau mengubah daftar admin bot."
        ),
        arguments: [
            CommandArgument(
                "action",
                "aksi",
                .choice(["list", "add", "remove"]),
                optional: true,
                Phrase(en: "List if nothing is said.", id: "Biasanya list.")
            ),
            CommandArgument("person", "orang", .people, optional: true, Phrase(en: "Who.", id: "Siapa.")),
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let action = context.arguments["action"] ?? "list"
        var numbers: [String] = []
        for person in context.people {
            let known = try await context.member(person)
            if let number = known.number {
                numbers.append(number)
            } else if let lid = known.lid, let phone = try await context.session.phone(of: lid) {
                numbers.append(phone.user)
            }
        }
        guard action == "list" || !numbers.isEmpty else {
            throw context.refusal(
                Phrase(en: "Name somebody whose number is known.", id: "Sebut seseorang yang nomornya diketahui.")
            )
        }
        let changed = numbers
        let settings = try await context.changeConduct { settings in
            var admins = settings.admins ?? []
            switch action {
            case "add": admins = Array(Set(admins + changed)).sorted()
            case "remove": admins.removeAll { changed.contains($0) }
            default: break
            }
            settings.admins = admins.isEmpty ? nil : admins
        }
        let admins = settings.admins ?? []
        try await context.reply(
            admins.isEmpty
                ? Phrase(en: "Nobody but the owner.", id: "Hanya pemilik.")
                : Phrase(
                    en: "Administrators: \(admins.joined(separator: ", "))",
                    id: "Admin: \(admins.joined(separator: ", "))"
                )
        )
    }
}

import WhatsApp
import WhatsAppWire

/// Says who administers the bot.
struct AdminCommand: Command {
    let declaration = CommandDeclaration(
        "sudo",
        aliases: ["botadmin"],
        .owner,
        "Lists who may use commands for the bot's administrators, or changes it.",
        arguments: [
            CommandArgument("action", .choice(["list", "add", "remove"]), optional: true, "List if nothing is said."),
            CommandArgument("person", .people, optional: true, "Who."),
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
            throw context.refusal("Name somebody whose number is known.")
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
            admins.isEmpty ? "Nobody but the owner." : "Administrators: \(admins.joined(separator: ", "))"
        )
    }
}

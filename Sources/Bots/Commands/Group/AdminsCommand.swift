import WhatsApp
import WhatsAppWire

/// Lists the administrators.
struct AdminsCommand: Command {
    let declaration = CommandDeclaration(
        "admins",
        aliases: ["staff", "listadmin"],
        .group,
        "Names the group's administrators.",
        permissions: [.groupOnly],
        coolDown: .seconds(10)
    )

    func run(_ context: CommandContext) async throws {
        let admins = try await context.group().members.filter(\.role.isAdmin)
        let lines = admins.map { "• @\($0.jid.user)\($0.role == .superadmin ? " (creator)" : "")" }
        try await context.reply((["*Administrators*"] + lines).joined(separator: "\n"), mentions: admins.map(\.jid))
    }
}

import WhatsApp
import WhatsAppWire

/// Lists the administrators.
struct AdminsCommand: Command {
    let declaration = CommandDeclaration(
        "admins",
        aliases: ["staff", "listadmin"],
        .group,
        Phrase(en: "Names the group's administrators.", id: "Menyebut semua admin grup."),
        permissions: [.groupOnly],
        coolDown: .seconds(10)
    )

    func run(_ context: CommandContext) async throws {
        let admins = try await context.group().members.filter(\.role.isAdmin)
        let lines = admins.map { member in
            member.role == .superadmin
                ? Phrase(en: "• @\(member.jid.user) (creator)", id: "• @\(member.jid.user) (pembuat grup)")
                : Phrase(same: "• @\(member.jid.user)")
        }
        let title = Phrase(en: "*Administrators*", id: "*Admin grup*")
        try await context.reply(([title] + lines).joined(separator: "\n"), mentions: admins.map(\.jid))
    }
}

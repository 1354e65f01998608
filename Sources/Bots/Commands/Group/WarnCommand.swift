import WhatsApp

/// Warns a member.
struct WarnCommand: Command {
    let declaration = CommandDeclaration(
        "warn",
        .group,
        "Warns somebody; who is warned too often is removed.",
        arguments: [
            CommandArgument("member", .people, "Who."),
            CommandArgument("reason", .text, optional: true, "What for."),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        guard context.people.count == 1, let person = context.people.first else {
            throw context.refusal("Warn one person at a time.")
        }
        let own = try await context.own()
        guard !person.isSame(as: own), !context.conduct.isOwner(person) else {
            throw CommandRefusal("I do not warn myself or my owner.")
        }
        let group = try await context.group()
        guard let member = group.member(person) else { throw CommandRefusal("They are not in this group.") }
        guard !member.role.isAdmin else { throw CommandRefusal("Administrators are not warned.") }
        let moderator = Moderator(services: context.services, log: context.services.hosting.ear.log)
        try await moderator.warn(
            Person(member.jid, alternate: member.alternate),
            context.message,
            context.arguments["reason"],
            context.sender.key,
            context.bot,
            context.ids,
            context.session
        )
    }
}

import WhatsApp
import WhatsAppWire

/// Decides who may join.
struct RequestsCommand: Command {
    let declaration = CommandDeclaration(
        "requests",
        aliases: ["joinrequests"],
        .group,
        "Lists who asks to join, or lets them in or not.",
        arguments: [
            CommandArgument(
                "action",
                .choice(["list", "approve", "reject"]),
                optional: true,
                "List if nothing is said."
            ),
            CommandArgument("member", .people, optional: true, "Who; nobody for all."),
        ],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        let requests = try await context.session.joinRequests(of: context.chat)
        guard !requests.isEmpty else {
            try await context.reply("Nobody asks to join.")
            return
        }
        guard let action = context.arguments["action"], action != "list" else {
            let people = requests.prefix(100).map(\.member.jid)
            let lines = people.map { "• @\($0.user)" }
            try await context.reply(
                (["*\(requests.count) ask to join*"] + lines).joined(separator: "\n"),
                mentions: people
            )
            return
        }
        let chosen =
            context.people.isEmpty
            ? requests
            : requests.filter { request in
                let person = Person(request.member.jid, alternate: request.member.alternate)
                return context.people.contains { $0.isSame(as: person) }
            }
        guard !chosen.isEmpty else { throw CommandRefusal("They do not ask to join.") }
        let isApproved = action == "approve"
        let results = try await context.session.decide(
            isApproved: isApproved,
            chosen.prefix(200).map(\.member.jid),
            in: context.chat
        )
        let words = isApproved ? ("was let in", "were let in") : ("was rejected", "were rejected")
        try await context.reply(MemberOutcome.text(results, words), mentions: results.map(\.member.jid))
    }
}

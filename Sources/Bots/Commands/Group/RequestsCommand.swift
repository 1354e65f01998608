import WhatsApp
import WhatsAppWire

/// Decides who may join.
struct RequestsCommand: Command {
    let declaration = CommandDeclaration(
        "requests",
        aliases: ["joinrequests"],
        .group,
        Phrase(
            en: "Lists who asks to join, or lets them in or not.",
            id: "Menampilkan permintaan bergabung, atau menerima dan menolaknya."
        ),
        arguments: [
            CommandArgument(
                "action",
                "aksi",
                .choice(["list", "approve", "reject"]),
                optional: true,
                Phrase(en: "List if nothing is said.", id: "Biasanya list.")
            ),
            CommandArgument(
                "member",
                "anggota",
                .people,
                optional: true,
                Phrase(en: "Who; nobody for all.", id: "Siapa; kosong untuk semua.")
            ),
        ],
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        let requests = try await context.session.joinRequests(of: context.chat)
        guard !requests.isEmpty else {
            try await context.reply(Phrase(en: "Nobody asks to join.", id: "Tidak ada yang minta bergabung."))
            return
        }
        guard let action = context.arguments["action"], action != "list" else {
            let people = requests.prefix(100).map(\.member.jid)
            let lines = people.map { Phrase(same: "• @\($0.user)") }
            let title = Phrase(en: "*\(requests.count) ask to join*", id: "*\(requests.count) minta bergabung*")
            try await context.reply(
                ([title] + lines).joined(separator: "\n"),
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
        guard !chosen.isEmpty else {
            throw CommandRefusal(Phrase(en: "They do not ask to join.", id: "Mereka tidak minta bergabung."))
        }
        let isApproved = action == "approve"
        let results = try await context.session.decide(
            isApproved: isApproved,
            chosen.prefix(200).map(\.member.jid),
            in: context.chat
        )
        let outcome = MemberOutcome.phrase(results) { names, count in
            isApproved
                ? Phrase(en: "\(names) \(of: count, "was", "were") let in.", id: "\(names) diterima.")
                : Phrase(en: "\(names) \(of: count, "was", "were") rejected.", id: "\(names) ditolak.")
        }
        try await context.reply(outcome, mentions: results.map(\.member.jid))
    }
}

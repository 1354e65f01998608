import WhatsApp

/// Warns a member.
struct WarnCommand: Command {
    let declaration = CommandDeclaration(
        "warn",
        .group,
        Phrase(
            en: "Warns somebody; who is warned too often is removed.",
            id: "Memberi peringatan; yang terlalu sering diperingatkan dikeluarkan."
        ),
        arguments: [
            CommandArgument("member", "anggota", .people, Phrase(en: "Who.", id: "Siapa.")),
            CommandArgument("reason", "alasan", .text, optional: true, Phrase(en: "What for.", id: "Alasannya.")),
        ],
        permissions: [.groupOnly, .groupAdmin]
    )

    func run(_ context: CommandContext) async throws {
        guard context.people.count == 1, let person = context.people.first else {
            throw context.refusal(Phrase(en: "Warn one person at a time.", id: "Peringatkan satu orang saja."))
        }
        let own = try await context.own()
        let known = try await context.member(person)
        guard !known.isSame(as: own), !context.conduct.isOwner(known) else {
            throw CommandRefusal(
                Phrase(
                    en: "I do not warn myself or my owner.",
                    id: "Saya tidak memperingatkan diri sendiri atau pemilik saya."
                )
            )
        }
        let group = try await context.group()
        guard let member = group.member(known) else {
            throw CommandRefusal(Phrase(en: "They are not in this group.", id: "Orang itu tidak ada di grup ini."))
        }
        guard !member.role.isAdmin else {
            throw CommandRefusal(Phrase(en: "Administrators are not warned.", id: "Admin tidak diperingatkan."))
        }
        let moderator = Moderator(services: context.services, log: context.services.hosting.ear.log)
        try await moderator.warn(
            known,
            context.message,
            context.arguments["reason"],
            context.sender.key,
            context.bot,
            context.ids,
            context.session
        )
    }
}

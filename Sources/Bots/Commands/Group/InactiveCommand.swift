import Fleet
import Foundation
import WhatsApp
import WhatsAppWire

/// Finds members who write nothing.
struct InactiveCommand: Command {
    let declaration = CommandDeclaration(
        "inactive",
        aliases: ["listinactive", "silent"],
        .group,
        Phrase(
            en: "Lists members who have written nothing for so many days, and removes them if it is told to.",
            id: "Menampilkan anggota yang tidak menulis selama sekian hari, dan mengeluarkannya bila diminta."
        ),
        arguments: [
            CommandArgument(
                "days",
                "hari",
                .number(1...365),
                optional: true,
                Phrase(en: "7 if nothing is said.", id: "Biasanya 7.")
            ),
            CommandArgument(
                flag: "kick",
                Phrase(
                    en: "Removes them; the bot must be an administrator.",
                    id: "Mengeluarkan mereka; bot harus admin."
                )
            ),
        ],
        permissions: [.groupOnly, .groupAdmin],
        coolDown: .seconds(10),
        timeLimit: .seconds(120),
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        let days = context.arguments.number("days") ?? 7
        let now = context.services.time.date()
        guard let since = context.chatSettings?.countsSince else {
            try await context.changeChat { $0.countsSince = now }
            try await context.reply(
                Phrase(
                    en: "From now on I count who writes. Ask again in some days.",
                    id: "Mulai sekarang saya mencatat siapa yang menulis. Tanya lagi beberapa hari nanti."
                )
            )
            return
        }
        let start = now.addingTimeInterval(-Double(days) * 86_400)
        let active = Set(
            try await context.store.activity.members(of: context.chat.description, of: context.bot.id)
                .filter { $0.lastAt >= start }.map(\.person)
        )
        let own = try await context.own()
        var silent: [GroupMember] = []
        for member in try await context.group().members where !member.role.isAdmin {
            let person = await Person(member.jid, alternate: member.alternate).known(to: context.session)
            // Counted by whichever address was known then.
            let addresses = [person.jid, person.alternate].compactMap { $0?.description }
            guard active.isDisjoint(with: addresses), !person.isSame(as: own), !context.conduct.isAdmin(person) else {
                continue
            }
            silent.append(member)
        }
        guard !silent.isEmpty else {
            try await context.reply(
                Phrase(
                    en: "Everybody has written within \(days) days.",
                    id: "Semua anggota menulis dalam \(days) hari terakhir."
                )
            )
            return
        }
        guard context.arguments.has(flag: "kick") else {
            let day = context.day(since)
            let known =
                since > start
                ? Phrase(en: "\nI have counted since \(day) only.", id: "\nSaya baru mencatat sejak \(day).")
                : Phrase(same: "")
            let shown = silent.prefix(200)
            let lines = shown.map { Phrase(same: "• @\($0.jid.user)") }
            let title = Phrase(
                en: "*\(silent.count) have written nothing for \(days) days*\(known)",
                id: "*\(silent.count) anggota tidak menulis selama \(days) hari*\(known)"
            )
            try await context.reply(([title] + lines).joined(separator: "\n"), mentions: shown.map(\.jid))
            return
        }
        guard since <= start else {
            throw CommandRefusal(
                Phrase(
                    en: "I have counted since \(context.day(since)) only; nobody is removed for \(days) days yet.",
                    id: "Saya baru mencatat sejak \(context.day(since)); belum ada yang dikeluarkan untuk \(days) hari."
                )
            )
        }
        var results: [MemberResult] = []
        for batch in stride(from: 0, to: min(silent.count, 200), by: 20) {
            let people = silent[batch..<min(batch + 20, silent.count, 200)].map(\.jid)
            results += try await context.session.change(.remove, people, in: context.chat)
        }
        try await context.reply(
            MemberOutcome.phrase(results) {
                Phrase(en: "\($0) \(of: $1, "was", "were") removed.", id: "\($0) dikeluarkan.")
            },
            mentions: results.map(\.member.jid)
        )
    }
}

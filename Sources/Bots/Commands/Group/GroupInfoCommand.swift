import WhatsApp
import WhatsAppWire

/// Tells about the group.
struct GroupInfoCommand: Command {
    let declaration = CommandDeclaration(
        "groupinfo",
        aliases: ["ginfo", "infogroup"],
        .group,
        Phrase(
            en: "Tells about the group and what the bot watches in it.",
            id: "Menampilkan info grup dan apa yang diawasi bot di sini."
        ),
        permissions: [.groupOnly]
    )

    func run(_ context: CommandContext) async throws {
        let group = try await context.group()
        let admins = group.members.filter(\.role.isAdmin).count
        var lines = [
            Phrase(same: "*\(group.subject)*"), Phrase(same: "ID: \(group.jid)"),
            Phrase(
                en: "Members: \(group.members.count), administrators: \(admins)",
                id: "Anggota: \(group.members.count), admin: \(admins)"
            ),
        ]
        if let creator = group.creator {
            lines.append(Phrase(en: "Made by @\(creator.user)", id: "Dibuat oleh @\(creator.user)"))
        }
        if let date = group.createdAt {
            lines.append(Phrase(en: "Made on \(context.day(date))", id: "Dibuat pada \(context.day(date))"))
        }
        lines.append(
            group.has(.announcement)
                ? Phrase(en: "Writing: administrators only", id: "Yang menulis: hanya admin")
                : Phrase(en: "Writing: everybody", id: "Yang menulis: semua anggota")
        )
        lines.append(
            group.has(.joinApproval)
                ? Phrase(en: "Joining: an administrator approves", id: "Bergabung: disetujui admin")
                : Phrase(en: "Joining: by link", id: "Bergabung: lewat tautan")
        )
        lines += watched(context)
        if let text = group.description?.text, !text.isEmpty { lines.append(Phrase(same: "\n\(text)")) }
        try await context.reply(lines.joined(separator: "\n"), mentions: [group.creator].compactMap { $0 })
    }

    private func watched(_ context: CommandContext) -> [Phrase] {
        guard let chat = context.chatSettings else { return [] }
        var words: [Phrase] = []
        if let rule = chat.links {
            words.append(Phrase(en: "links (\(rule.action.word))", id: "tautan (\(rule.action.word))"))
        }
        if let rule = chat.flood {
            words.append(Phrase(en: "floods (\(rule.action.word))", id: "banjir pesan (\(rule.action.word))"))
        }
        if let rule = chat.words {
            words.append(Phrase(en: "bad words (\(rule.action.word))", id: "kata kasar (\(rule.action.word))"))
        }
        if let action = chat.bots {
            words.append(Phrase(en: "bots (\(action.word))", id: "bot lain (\(action.word))"))
        }
        if chat.keepsDeleted == true { words.append(Phrase(en: "deleted messages", id: "pesan terhapus")) }
        if let seconds = chat.slowMode {
            words.append(Phrase(en: "slow mode of \(seconds) s", id: "mode lambat \(seconds) detik"))
        }
        guard !words.isEmpty else { return [] }
        let all = words.joined(separator: ", ")
        return [Phrase(en: "Watched: \(all)", id: "Diawasi: \(all)")]
    }
}

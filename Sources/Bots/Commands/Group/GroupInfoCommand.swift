import WhatsApp
import WhatsAppWire

/// Tells about the group.
struct GroupInfoCommand: Command {
    let declaration = CommandDeclaration(
        "groupinfo",
        aliases: ["ginfo", "infogroup"],
        .group,
        "Tells about the group and what the bot watches in it.",
        permissions: [.groupOnly]
    )

    func run(_ context: CommandContext) async throws {
        let group = try await context.group()
        var lines = ["*\(group.subject)*", "ID: \(group.jid)"]
        lines.append("Members: \(group.members.count), administrators: \(group.members.filter(\.role.isAdmin).count)")
        if let creator = group.creator { lines.append("Made by @\(creator.user)") }
        if let date = group.createdAt { lines.append("Made on \(context.day(date))") }
        lines.append("Writing: \(group.has(.announcement) ? "administrators only" : "everybody")")
        lines.append("Joining: \(group.has(.joinApproval) ? "an administrator approves" : "by link")")
        lines += watched(context)
        if let text = group.description?.text, !text.isEmpty { lines += ["", text] }
        try await context.reply(lines.joined(separator: "\n"), mentions: [group.creator].compactMap { $0 })
    }

    private func watched(_ context: CommandContext) -> [String] {
        guard let chat = context.chatSettings else { return [] }
        var words: [String] = []
        if let rule = chat.links { words.append("links (\(rule.action.rawValue))") }
        if let rule = chat.flood { words.append("floods (\(rule.action.rawValue))") }
        if let rule = chat.words { words.append("bad words (\(rule.action.rawValue))") }
        if let action = chat.bots { words.append("bots (\(action.rawValue))") }
        if chat.keepsDeleted == true { words.append("deleted messages") }
        if let seconds = chat.slowMode { words.append("slow mode of \(seconds) s") }
        return words.isEmpty ? [] : ["Watched: \(words.joined(separator: ", "))"]
    }
}

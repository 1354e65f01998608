import Fleet
import Foundation
import WhatsApp
import WhatsAppWire

/// Writes to all groups.
struct BroadcastCommand: Command {
    let declaration = CommandDeclaration(
        "broadcast",
        aliases: ["bc", "bcgroups"],
        .owner,
        Phrase(
            en:
                "Sends a text, or the message that is answered, to the groups of the bot, slowly and not more than once an hour.",
            id: "Mengirim teks, atau pesan yang dibalas, ke grup-grup bot, pelan-pelan dan paling sering sejam sekali."
        ),
        arguments: [
            CommandArgument(
                "text",
                "teks",
                .text,
                optional: true,
                Phrase(en: "What the groups are told.", id: "Teks untuk grup-grup itu.")
            )
        ],
        permissions: [.owner],
        timeLimit: .seconds(1_200),
        isDoneOnce: true
    )

    private static let pause: TimeInterval = 3_600
    /// Groups that one broadcast reaches.
    private static let limit = 100

    func run(_ context: CommandContext) async throws {
        let content: OutgoingContent
        if let text = context.arguments["text"] {
            content = .text(OutgoingText(text))
        } else if let quote = context.quote {
            content = .forward(quote.message)
        } else {
            throw context.refusal(
                Phrase(en: "Write a text, or answer a message.", id: "Tulis sebuah teks, atau balas pesan.")
            )
        }
        guard await !context.session.restrictions.isReachOutLocked else {
            throw CommandRefusal(
                Phrase(
                    en: "WhatsApp limits this account at the moment; nothing is sent.",
                    id: "WhatsApp sedang membatasi akun ini; tidak ada yang dikirim."
                )
            )
        }
        let own = try await context.own()
        let groups = try await context.session.participatingGroups().filter { group in
            let isOpen = !group.has(.announcement) || group.member(own)?.role.isAdmin == true
            return isOpen && !group.has(.community) && group.jid != context.chat
        }
        guard !groups.isEmpty else {
            throw CommandRefusal(
                Phrase(
                    en: "There is no other group that I may write to.",
                    id: "Tidak ada grup lain yang bisa saya tulisi."
                )
            )
        }
        // Of all who may, in all chats, and whatever the server has forgotten.
        let wait = try await context.store.secondsUntilTurn("broadcast", of: context.bot.id, pause: Self.pause)
        if let wait { throw CommandRefusal(.coolingDown(seconds: wait)) }
        await context.progress(.working)
        var sent = 0
        for group in groups.prefix(Self.limit) {
            do {
                let restrictions = await context.session.restrictions
                try await context.services.door.pass(context.bot.session, restrictions: restrictions)
                try await context.send(content, to: group.jid)
                sent += 1
            } catch is SendDoor.Refusal {
                break
            } catch SendError.refused(let code) where code == 429 || code == 463 || code == 475 {
                // Going on would only make it worse.
                break
            } catch is SendError {
                continue
            }
        }
        await context.progress(.done)
        try await context.reply(
            Phrase(
                en: "Sent to \(sent) of \(groups.count, "group", "groups").",
                id: "Terkirim ke \(sent) dari \(groups.count) grup."
            )
        )
    }
}

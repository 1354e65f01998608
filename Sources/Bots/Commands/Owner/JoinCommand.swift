import WhatsApp

/// Joins a group by its link.
struct JoinCommand: Command {
    let declaration = CommandDeclaration(
        "join",
        .owner,
        Phrase(en: "Joins a group by its invite link.", id: "Masuk ke grup lewat tautan undangan."),
        arguments: [
            CommandArgument(
                "link",
                "tautan",
                .word,
                Phrase(
                    en: "Such as https://chat.whatsapp.com/CODE, or the code.",
                    id: "Misalnya https://chat.whatsapp.com/KODE, atau kodenya."
                )
            )
        ],
        permissions: [.owner],
        isDoneOnce: true
    )

    func run(_ context: CommandContext) async throws {
        let word = context.arguments["link"] ?? ""
        let code = word.split(separator: "/").last.map { String($0.prefix { $0 != "?" }) } ?? ""
        guard (8...64).contains(code.utf8.count), code.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw context.refusal(Phrase(en: "This is no invite link.", id: "Ini bukan tautan undangan."))
        }
        switch try await context.session.joinGroup(code: code) {
        case .joined: try await context.reply(Phrase(en: "I am in the group.", id: "Saya sudah masuk ke grup."))
        case .requested:
            try await context.reply(
                Phrase(
                    en: "I have asked; an administrator must let me in.",
                    id: "Saya sudah minta masuk; tinggal diterima admin."
                )
            )
        }
    }
}

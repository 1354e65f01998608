import WhatsApp

/// Changes the account's name.
struct SetMyNameCommand: Command {
    let declaration = CommandDeclaration(
        "setmyname",
        aliases: ["setbotname", "setpushname"],
        .owner,
        Phrase(
            en: "Changes the name that others see of the account.",
            id: "Mengganti nama akun yang dilihat orang lain."
        ),
        arguments: [
            CommandArgument(
                "name",
                "nama",
                .text,
                Phrase(en: "At most 25 characters.", id: "Paling banyak 25 karakter.")
            )
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let name = context.arguments["name"] ?? ""
        guard (1...25).contains(name.count) else {
            throw context.refusal(
                Phrase(en: "A name has at most 25 characters.", id: "Nama paling banyak 25 karakter.")
            )
        }
        try await context.session.changeAppState([.pushName(name)])
        try await context.reply(Phrase(en: "I am called \(name) now.", id: "Nama saya sekarang \(name)."))
    }
}

/// Makes a short address that leads to a long one.
struct ShortenCommand: Command {
    let declaration = CommandDeclaration(
        "shorturl",
        aliases: ["shorten", "shortlink", "short"],
        .tools,
        Phrase(en: "Makes a short link to an address.", id: "Membuat tautan pendek ke sebuah alamat."),
        arguments: [
            CommandArgument(
                "address",
                "alamat",
                .text,
                optional: true,
                Phrase(
                    en: "The address; else the answered message.",
                    id: "Alamatnya; kalau kosong, pesan yang dibalas."
                )
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        let target = try context.textOrQuoted("address")
        guard let links = context.services.tools.links,
            let account = try await context.services.hosting.owner(of: context.bot.id)
        else {
            throw CommandRefusal(
                Phrase(en: "This bot cannot make short links.", id: "Bot ini tidak bisa membuat tautan pendek.")
            )
        }
        if !context.isBotAdmin { try await Self.count(context) }
        do {
            let short = try await links.shorten(target, for: account, share: context.isBotAdmin ? 1 : 0.5)
            try await context.reply(verbatim: short)
        } catch let refusal as LinkRefusal {
            throw context.refusal(Self.phrase(refusal))
        }
    }

    /// So many for one person a day.
    private static let limit = 20

    /// The links are the owner's, who is not to lose them to one stranger.
    private static func count(_ context: CommandContext) async throws {
        let person = AnswerIDs.id(of: context.sender.key)
        guard try await context.store.countDeeds("link \(person) ", of: context.bot.id) < limit else {
            throw CommandRefusal(
                Phrase(
                    en: "You have made \(limit) short links today; more tomorrow.",
                    id: "Kamu sudah membuat \(limit) tautan pendek hari ini; lanjut besok."
                )
            )
        }
        _ = try await context.store.isFirst("link \(person) \(context.ids.next())", of: context.bot.id)
    }

    private static func phrase(_ refusal: LinkRefusal) -> Phrase {
        switch refusal {
        case .notAnAddress:
            Phrase(
                en: "Write an address of the web such as https://example.org/page.",
                id: "Tulis alamat web, misalnya https://example.org/page."
            )
        case .tooLong(let limit):
            Phrase(en: "An address has at most \(limit) bytes.", id: "Panjang alamat paling banyak \(limit) bita.")
        case .credentials:
            Phrase(
                en: "There must be no name or password in the address.",
                id: "Alamat tidak boleh memuat nama pengguna atau kata sandi."
            )
        case .circular: Phrase(en: "This is a short link already.", id: "Ini sudah tautan pendek.")
        case .limitReached(let limit):
            Phrase(
                en: "The owner of this bot has \(limit) short links already, which is the limit.",
                id: "Pemilik bot ini sudah punya \(limit) tautan pendek, dan itu batasnya."
            )
        }
    }
}

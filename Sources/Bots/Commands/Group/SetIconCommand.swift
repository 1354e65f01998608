import WhatsApp

/// Changes the group's picture.
struct SetIconCommand: Command {
    let declaration = CommandDeclaration(
        "seticon",
        aliases: ["setgpp", "gicon"],
        .group,
        Phrase(
            en: "Makes the image that is sent or answered the group's picture.",
            id: "Menjadikan gambar yang dikirim atau dibalas foto grup."
        ),
        permissions: [.groupOnly, .groupAdmin, .botIsAdmin],
        timeLimit: .seconds(60)
    )

    func run(_ context: CommandContext) async throws {
        let picture = try await context.profilePicture()
        _ = try await context.session.setPicture(picture, of: context.chat)
        try await context.reply(Phrase(en: "The picture is changed.", id: "Fotonya sudah diganti."))
    }
}

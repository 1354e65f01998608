import WhatsApp

/// Changes the account's picture.
struct SetPictureCommand: Command {
    let declaration = CommandDeclaration(
        "setpp",
        aliases: ["setpicture", "fullpp"],
        .owner,
        Phrase(
            en: "Makes the image that is sent or answered the account's profile picture.",
            id: "Menjadikan gambar yang dikirim atau dibalas foto profil akun."
        ),
        permissions: [.owner],
        timeLimit: .seconds(60)
    )

    func run(_ context: CommandContext) async throws {
        _ = try await context.session.setPicture(try await context.profilePicture())
        try await context.reply(Phrase(en: "The picture is changed.", id: "Fotonya sudah diganti."))
    }
}

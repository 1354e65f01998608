import WhatsApp

/// Changes the account's picture.
struct SetPictureCommand: Command {
    let declaration = CommandDeclaration(
        "setpp",
        aliases: ["setpicture", "fullpp"],
        .owner,
        "Makes the image that is sent or answered the account's profile picture.",
        permissions: [.owner],
        timeLimit: .seconds(60)
    )

    func run(_ context: CommandContext) async throws {
        _ = try await context.session.setPicture(try await context.profilePicture())
        try await context.reply("The picture is changed.")
    }
}

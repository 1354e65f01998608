import MediaTools

/// Shows a web page.
struct ScreenshotCommand: Command {
    let declaration = CommandDeclaration(
        "screenshot",
        aliases: ["ss", "ssweb"],
        .tools,
        "Sends a picture of a web page.",
        arguments: [CommandArgument("address", .url, "The address of the page.")],
        coolDown: .seconds(10),
        timeLimit: .seconds(90)
    )

    func run(_ context: CommandContext) async throws {
        guard let pages = context.services.tools.pages else {
            throw CommandRefusal("Pictures of pages are not set up on this server.")
        }
        let address = context.arguments["address"] ?? ""
        try await context.working {
            let picture = try await pages.picture(of: address, for: context.toolKey)
            try await context.replyPicture(picture, caption: address)
        }
    }
}

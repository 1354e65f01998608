import WhatsApp

/// Shows its owner what was sent to be seen once.
struct RevealCommand: Command {
    let declaration = CommandDeclaration(
        "reveal",
        aliases: ["vv", "viewonce"],
        .media,
        "Sends the owner, in private, the view-once image, video or voice note that is answered.",
        permissions: .owner
    )

    func run(_ context: CommandContext) async throws {
        guard let quote = context.quote else { throw context.refusal("Answer a view-once message.") }
        guard MessageContent(quote.message).isViewOnce else {
            throw context.refusal("The answered message can be seen more than once.")
        }
        try await context.working { try await context.keepQuotedFile() }
    }
}

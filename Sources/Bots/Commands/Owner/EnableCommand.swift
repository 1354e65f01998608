/// Switches commands on.
struct EnableCommand: Command {
    let declaration = CommandDeclaration(
        "enable",
        .owner,
        "Switches a command or a category on, everywhere or in this chat alone.",
        arguments: [
            CommandArgument("name", .word, "The command or the category."),
            CommandArgument("here", .flag, "In this chat alone."),
        ],
        permissions: [.owner]
    )

    func run(_ context: CommandContext) async throws {
        let name = (context.arguments["name"] ?? "").lowercased()
        let text = try await CommandSwitch.turn(name, isOn: true, isHere: context.arguments.has(flag: "here"), context)
        try await context.reply(text)
    }
}

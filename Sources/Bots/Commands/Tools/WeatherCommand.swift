/// Tells the weather.
struct WeatherCommand: Command {
    let declaration = CommandDeclaration(
        "weather",
        .tools,
        "Tells the weather at a place.",
        arguments: [CommandArgument("place", .text, "Such as Lisbon.")]
    )

    func run(_ context: CommandContext) async throws {
        let place = context.arguments["place"] ?? ""
        try await context.working {
            let lookup = Lookup(http: context.services.http)
            let report = try await WeatherReport.find(place, lookup, context.services.tools.lookups)
            try await context.reply(report.text)
        }
    }
}

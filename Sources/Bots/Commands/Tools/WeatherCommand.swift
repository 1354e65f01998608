/// Tells the weather.
struct WeatherCommand: Command {
    let declaration = CommandDeclaration(
        "weather",
        .tools,
        Phrase(en: "Tells the weather at a place.", id: "Menampilkan cuaca di sebuah tempat."),
        arguments: [CommandArgument("place", "tempat", .text, Phrase(en: "Such as Lisbon.", id: "Misalnya Bandung."))]
    )

    func run(_ context: CommandContext) async throws {
        let place = context.arguments["place"] ?? ""
        try await context.working {
            let lookup = Lookup(http: context.services.http)
            let report = try await WeatherReport.find(place, lookup, context.services.tools.lookups)
            try await context.reply(report.phrase)
        }
    }
}

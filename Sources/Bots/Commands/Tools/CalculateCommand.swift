/// Works out a sum.
struct CalculateCommand: Command {
    let declaration = CommandDeclaration(
        "calculate",
        aliases: ["calc", "math"],
        .tools,
        "Works out numbers with + - * / % ^ !, brackets and functions such as sqrt, sin, ln and round.",
        arguments: [CommandArgument("expression", .text, optional: true, "Such as (2 + 3) * sqrt(16).")]
    )

    func run(_ context: CommandContext) async throws {
        let text = try context.textOrQuoted("expression")
        let value: Double
        do throws(Calculator.Problem) {
            value = try Calculator.value(of: text)
        } catch {
            throw context.refusal(Self.words(error))
        }
        try await context.reply("\(text.prefix(200)) = *\(Calculator.text(of: value))*")
    }

    private static func words(_ problem: Calculator.Problem) -> String {
        switch problem {
        case .tooLong: "That is too long."
        case .tooDeep: "There are too many brackets in one another."
        case .unexpected(let character?): "“\(character)” does not belong there."
        case .unexpected(nil): "Something is missing at the end."
        case .unknownName(let name): "“\(name.prefix(20))” is no function."
        case .undefined: "That has no result."
        }
    }
}

/// Works out a sum.
struct CalculateCommand: Command {
    let declaration = CommandDeclaration(
        "calculate",
        aliases: ["calc", "math"],
        .tools,
        Phrase(
            en: "Works out numbers with + - * / % ^ !, brackets and functions such as sqrt, sin, ln and round.",
            id: "Menghitung dengan + - * / % ^ !, kurung, dan fungsi seperti sqrt, sin, ln, dan round."
        ),
        arguments: [
            CommandArgument(
                "expression",
                "hitungan",
                .text,
                optional: true,
                Phrase(en: "Such as (2 + 3) * sqrt(16).", id: "Misalnya (2 + 3) * sqrt(16).")
            )
        ]
    )

    func run(_ context: CommandContext) async throws {
        let text = try context.textOrQuoted("expression")
        let value: Double
        do throws(Calculator.Problem) {
            value = try Calculator.value(of: text)
        } catch {
            throw context.refusal(Self.words(error))
        }
        try await context.reply(verbatim: "\(text.prefix(200)) = *\(Calculator.text(of: value))*")
    }

    private static func words(_ problem: Calculator.Problem) -> Phrase {
        switch problem {
        case .tooLong: Phrase(en: "That is too long.", id: "Itu terlalu panjang.")
        case .tooDeep:
            Phrase(en: "There are too many brackets in one another.", id: "Terlalu banyak kurung di dalam kurung.")
        case .unexpected(let character?):
            Phrase(en: "“\(character)” does not belong there.", id: "“\(character)” tidak pada tempatnya.")
        case .unexpected(nil): Phrase(en: "Something is missing at the end.", id: "Ada yang kurang di akhir.")
        case .unknownName(let name):
            Phrase(en: "“\(name.prefix(20))” is no function.", id: "“\(name.prefix(20))” bukan fungsi.")
        case .undefined: Phrase(en: "That has no result.", id: "Itu tidak ada hasilnya.")
        }
    }
}

/// Changes an amount of money into another currency.
struct CurrencyCommand: Command {
    let declaration = CommandDeclaration(
        "currency",
        aliases: ["convert", "rate"],
        .tools,
        Phrase(
            en: "Changes an amount into another currency, at the rate of the European Central Bank.",
            id: "Mengubah jumlah uang ke mata uang lain, dengan kurs Bank Sentral Eropa."
        ),
        arguments: [
            CommandArgument(
                "amount",
                "jumlah",
                .word,
                Phrase(en: "A number, such as 12.50.", id: "Angka, misalnya 12.50.")
            ),
            CommandArgument(
                "from",
                "dari",
                .word,
                Phrase(en: "Three letters, such as EUR.", id: "Tiga huruf, misalnya EUR.")
            ),
            CommandArgument(
                "to",
                "ke",
                .word,
                Phrase(en: "Three letters, such as USD.", id: "Tiga huruf, misalnya IDR.")
            ),
        ]
    )

    func run(_ context: CommandContext) async throws {
        let number = (context.arguments["amount"] ?? "").replacing(",", with: ".")
        guard let amount = Double(number), amount.isFinite, abs(amount) <= 1e15 else {
            throw context.refusal(Phrase(en: "The amount is no number.", id: "Jumlahnya bukan angka."))
        }
        let codes = try ["from", "to"].map { name in
            let code = (context.arguments[name] ?? "").uppercased()
            guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
                throw context.refusal(
                    Phrase(
                        en: "A currency has three letters, such as EUR.",
                        id: "Mata uang terdiri dari tiga huruf, misalnya EUR."
                    )
                )
            }
            return code
        }
        try await context.working {
            let lookup = Lookup(http: context.services.http)
            let addresses = context.services.tools.lookups
            let rate = try await CurrencyRate.find(from: codes[0], to: codes[1], lookup, addresses)
            let result = (amount * rate.rate * 100).rounded() / 100
            let text = "\(Calculator.text(of: amount)) \(codes[0]) = *\(Calculator.text(of: result)) \(codes[1])*"
            try await context.reply(
                Phrase(
                    en: "\(text)\nRate \(rate.rate) of \(rate.date.prefix(10))",
                    id: "\(text)\nKurs \(rate.rate) per \(rate.date.prefix(10))"
                )
            )
        }
    }
}

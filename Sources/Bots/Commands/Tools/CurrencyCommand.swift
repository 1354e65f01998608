/// Changes an amount of money into another currency.
struct CurrencyCommand: Command {
    let declaration = CommandDeclaration(
        "currency",
        aliases: ["convert", "rate"],
        .tools,
        "Changes an amount into another currency, at the rate of the European Central Bank.",
        arguments: [
            CommandArgument("amount", .word, "A number, such as 12.50."),
            CommandArgument("from", .word, "Three letters, such as EUR."),
            CommandArgument("to", .word, "Three letters, such as USD."),
        ]
    )

    func run(_ context: CommandContext) async throws {
        let number = (context.arguments["amount"] ?? "").replacing(",", with: ".")
        guard let amount = Double(number), amount.isFinite, abs(amount) <= 1e15 else {
            throw context.refusal("The amount is no number.")
        }
        let codes = try ["from", "to"].map { name in
            let code = (context.arguments[name] ?? "").uppercased()
            guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
                throw context.refusal("A currency has three letters, such as EUR.")
            }
            return code
        }
        try await context.working {
            let lookup = Lookup(http: context.services.http)
            let addresses = context.services.tools.lookups
            let rate = try await CurrencyRate.find(from: codes[0], to: codes[1], lookup, addresses)
            let result = (amount * rate.rate * 100).rounded() / 100
            let text = "\(Calculator.text(of: amount)) \(codes[0]) = *\(Calculator.text(of: result)) \(codes[1])*"
            try await context.reply("\(text)\nRate \(rate.rate) of \(rate.date.prefix(10))")
        }
    }
}

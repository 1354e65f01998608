/// What a bot does by rules and commands that people have made, ready to be used.
struct LiveAutomation: Sendable {
    var rules: RuleSet
    var commands: [String: CustomRun]

    var commandNames: [String] { commands.keys.sorted() }
}

/// A variable that bots understand, as its form shows it.
package struct KnownVariable: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case text(limit: Int)
        case choice([String])
        case flag
        case number(ClosedRange<Int>)
        case secret
    }

    package let name: String
    package let kind: Kind
    /// What the bot takes where nothing is set.
    package let standard: String?
    package let help: String

    package static let all: [KnownVariable] = [
        KnownVariable(
            name: "BOT_NAME",
            kind: .text(limit: 40),
            standard: "Wharf",
            help: "What the bot calls itself in menus and answers."
        ),
        KnownVariable(
            name: "OWNER_NAME",
            kind: .text(limit: 60),
            standard: nil,
            help: "Whom the bot names as its owner."
        ),
        KnownVariable(
            name: "OWNER_NUMBER",
            kind: .text(limit: 20),
            standard: nil,
            help: "Number with country code, digits only, whose commands are always obeyed."
        ),
        KnownVariable(
            name: "MODE",
            kind: .choice(["public", "private", "inbox", "groups"]),
            standard: "public",
            help: "Whom the bot answers: everybody, its owner alone, people alone, or groups alone."
        ),
        KnownVariable(
            name: "LANGUAGE",
            kind: .choice(["en", "id"]),
            standard: "en",
            help: "Language of the bot's own texts."
        ),
        KnownVariable(
            name: "TIME_ZONE",
            kind: .text(limit: 64),
            standard: "UTC",
            help: "Time zone for times that the bot writes, such as Asia/Jakarta."
        ),
        KnownVariable(
            name: "AUTO_READ",
            kind: .flag,
            standard: "false",
            help: "Show messages as read."
        ),
        KnownVariable(
            name: "AUTO_STATUS_VIEW",
            kind: .flag,
            standard: "false",
            help: "Look at status updates of contacts."
        ),
        KnownVariable(
            name: "ALWAYS_ONLINE",
            kind: .flag,
            standard: "false",
            help: "Show the account as online while the bot runs."
        ),
        KnownVariable(
            name: "ANTI_CALL",
            kind: .flag,
            standard: "false",
            help: "Refuse calls."
        ),
        KnownVariable(
            name: "ANTI_DELETE",
            kind: .flag,
            standard: "false",
            help: "Keep messages that their author takes back, and show them to the owner."
        ),
        KnownVariable(
            name: "WARN_LIMIT",
            kind: .number(1...20),
            standard: "3",
            help: "Warnings after which somebody is removed from a group."
        ),
        KnownVariable(
            name: "COMMANDS_PER_MINUTE",
            kind: .number(1...120),
            standard: "10",
            help: "Commands that one person may give within a minute."
        ),
        KnownVariable(
            name: "OPENAI_API_KEY",
            kind: .secret,
            standard: nil,
            help: "Key for answers by OpenAI's models."
        ),
        KnownVariable(
            name: "GEMINI_API_KEY",
            kind: .secret,
            standard: nil,
            help: "Key for answers by Google's models."
        ),
    ]

    package static func named(_ name: String) -> KnownVariable? {
        all.first { $0.name == name }
    }

    func problem(with value: String) -> EnvironmentProblem? {
        switch kind {
        case .text(let limit): value.count <= limit ? nil : .tooLong(limit)
        case .choice(let values): values.contains(value) ? nil : .notOffered(values)
        case .flag: value == "true" || value == "false" ? nil : .notOffered(["true", "false"])
        case .number(let range):
            Int(value).map(range.contains) == true ? nil : .outOfRange(range.lowerBound, range.upperBound)
        case .secret: nil
        }
    }
}

/// What is wrong with a variable.
package enum EnvironmentProblem: Sendable, Equatable {
    /// Names have 1 to 64 capital letters, digits and underscores, and do not begin with a digit.
    case invalidName
    case tooLong(Int)
    case notOffered([String])
    case outOfRange(Int, Int)
    /// Holds a character that cannot be stored.
    case invalidValue
}

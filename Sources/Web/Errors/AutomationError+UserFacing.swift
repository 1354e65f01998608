package import Bots
package import HTTPTypes

extension AutomationError: UserFacingError {
    package var code: String {
        switch self {
        case .invalid(let field): "automation.invalid_\(field.rawValue.replacing(".", with: "_"))"
        case .invalidRegex: "automation.invalid_regex"
        case .limitReached, .shareReached: "automation.limit_reached"
        case .filesTooLarge: "automation.files_too_large"
        case .takenName: "automation.taken_name"
        case .inUse: "automation.in_use"
        case .unknown: "automation.unknown"
        }
    }

    package var message: String {
        switch self {
        case .invalid(let field): field.message
        case .invalidRegex(let problem):
            "\(problem.phrase.text(.english)) Back references and look-around are not offered."
        case .limitReached(let limit), .shareReached(let limit): "A bot has at most \(limit) of these: remove one."
        case .filesTooLarge(let limit): "The files of a bot have at most \(limit >> 20) MiB together: remove some."
        case .takenName(let name): "“\(name.prefix(24))” is a command that every bot has: choose another name."
        case .inUse: "A rule or a command sends this file: change that first."
        case .unknown: "This does not exist, or somebody has removed it meanwhile."
        }
    }

    package var status: HTTPResponse.Status {
        switch self {
        case .unknown: .notFound
        case .limitReached, .shareReached, .filesTooLarge, .inUse: .conflict
        case .invalid, .invalidRegex, .takenName: .unprocessableContent
        }
    }

    package var field: String? {
        switch self {
        case .invalid(let field): field.rawValue
        case .invalidRegex: Field.pattern.rawValue
        case .takenName: Field.name.rawValue
        case .limitReached, .shareReached, .filesTooLarge, .inUse, .unknown: nil
        }
    }
}

extension AutomationError.Field {
    fileprivate var message: String {
        switch self {
        case .pattern: "Type what is looked for: at most \(AutoReplyRule.patternLimit) characters."
        case .answer:
            "Type an answer of at most \(TextTemplate.templateLimit) characters, or choose a file."
        case .priority:
            "Type a whole number from \(AutoReplyRule.priorities.lowerBound) to \(AutoReplyRule.priorities.upperBound)."
        case .file: "The bot has no such file: choose another."
        case .name: "A name has 1 to 24 small letters, digits and hyphens."
        case .fileName: "A file has a name of one line, at most 200 characters."
        case .summary: "At most \(CustomCommand.summaryLimit) characters."
        case .text: "Type a text of at most \(TextTemplate.templateLimit) characters, or choose a file."
        case .menu:
            """
            Each choice needs a title of at most \(CustomContent.titleLimit) characters and a text; at most \
            \(CustomContent.choiceLimit) fit.
            """
        case .requestMethod: "Choose GET or POST."
        case .requestURL, .webhookURL: "Type an address that begins with https:// or http://."
        case .requestBody: "At most \(TextTemplate.templateLimit) characters."
        case .requestSeconds, .webhookSeconds:
            "Type a whole number from \(CustomContent.waits.lowerBound) to \(CustomContent.waits.upperBound)."
        case .requestHosts: "Type 1 to \(CustomContent.hostLimit) hosts such as api.example.com, in small letters."
        case .chat: "Choose a group, or type a phone number with its country code."
        case .at: "Choose a time that is still to come, within five years."
        case .cron: "Type five fields that come true: minute, hour, day, month, weekday, such as 0 8 * * mon-fri."
        case .kind:
            "The file is not of that kind: images are JPEG or PNG, stickers WebP, voice notes Ogg, videos and audio such."
        case .content: "A file has 1 byte to \(BotFile.limit >> 20) MiB."
        }
    }
}

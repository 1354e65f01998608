package import Bots
package import HTTPTypes

extension HostingError: UserFacingError {
    package var code: String {
        switch self {
        case .unknownBot: "bot.unknown"
        case .notAllowed: "bot.not_allowed"
        case .invalidName: "bot.invalid_name"
        case .invalidPrefix: "bot.invalid_prefix"
        case .invalidPhone: "bot.invalid_phone"
        case .phoneMissing: "bot.phone_missing"
        case .invalidDuration: "bot.invalid_duration"
        case .changedMeanwhile: "bot.changed_meanwhile"
        case .wrongApproval: "bot.wrong_approval"
        case .mayNotRun: "bot.may_not_run"
        case .limitReached: "plan.limit_reached"
        case .invalidEnvironment: "bot.invalid_environment"
        case .tooManyVariables: "bot.too_many_variables"
        case .invalidSchedule: "bot.invalid_schedule"
        case .invalidRecipient: "bot.invalid_recipient"
        case .noTransfer: "bot.no_transfer"
        case .unknownOwner: "bot.unknown_owner"
        case .notInTeam: "bot.not_in_team"
        case .unknownPlan: "plan.unknown"
        case .invalidPlan: "plan.invalid"
        case .planInUse: "plan.in_use"
        case .wrongConfirmation: "bot.wrong_confirmation"
        case .alreadyLinked: "bot.already_linked"
        case .noPairingCode: "bot.no_pairing_code"
        case .inMaintenance: "server.maintenance"
        }
    }

    package var message: String {
        switch self {
        case .unknownBot: "There is no such bot."
        case .notAllowed: "You may see this bot, but not do that with it."
        case .invalidName: "A bot's name has 1 to 60 characters on one line."
        case .invalidPrefix: "A prefix has 1 to 4 characters without blanks, such as ! or a dot."
        case .invalidPhone: "Type the number with its country code, such as +1 555 000 1111."
        case .phoneMissing: "The bot has no phone number yet: add the number that the code is for."
        case .invalidDuration: "A bot is approved for 1, 2, 3, 6 or 12 months."
        case .changedMeanwhile: "Somebody changed this in the meantime: look at it as it is now, and try again."
        case .wrongApproval(let approval): Self.words(for: approval)
        case .mayNotRun(let reason): Self.words(for: reason)
        case .limitReached(let limit, let count): Self.words(for: limit, count)
        case .invalidEnvironment(let name, let problem): Self.words(for: problem, name)
        case .tooManyVariables(let limit): "At most \(limit) variables fit: remove some."
        case .invalidSchedule: "Choose a time zone, at least one day, and two different times."
        case .invalidRecipient: "Choose somebody else than the bot's owner."
        case .noTransfer: "The bot is offered to nobody."
        case .unknownOwner: "There is no account of this id."
        case .notInTeam: "Nobody of that address is in your team."
        case .unknownPlan: "There is no such plan."
        case .invalidPlan(let field): "The plan's field \(field) cannot be like that."
        case .planInUse: "This plan stays: it is the standard one, or somebody has it."
        case .wrongConfirmation: "Type the bot's name exactly as it stands here."
        case .alreadyLinked: "A phone is linked already: deploy anew to link another one."
        case .noPairingCode: "WhatsApp gave no code for this number: check it, or scan the QR code instead."
        case .inMaintenance: "The server is being worked on: try again later."
        }
    }

    package var status: HTTPResponse.Status {
        switch self {
        case .unknownBot, .noTransfer, .unknownPlan: .notFound
        case .notAllowed: .forbidden
        case .changedMeanwhile, .wrongApproval, .mayNotRun, .limitReached, .planInUse, .alreadyLinked: .conflict
        case .noPairingCode, .inMaintenance: .serviceUnavailable
        case .invalidName, .invalidPrefix, .invalidPhone, .phoneMissing, .invalidDuration, .invalidEnvironment,
            .tooManyVariables, .invalidSchedule, .invalidRecipient, .notInTeam, .invalidPlan, .wrongConfirmation,
            .unknownOwner:
            .unprocessableContent
        }
    }

    package var field: String? {
        switch self {
        case .invalidName: "name"
        case .invalidPrefix: "prefix"
        case .invalidPhone, .phoneMissing: "phone"
        case .invalidDuration: "duration_months"
        case .invalidEnvironment(let name, _): name
        case .invalidPlan(let field): field
        case .wrongConfirmation: "confirmation"
        case .notInTeam, .invalidRecipient: "email"
        case .unknownOwner: "owner_id"
        default: nil
        }
    }

    package var retryAfter: Duration? { self == .inMaintenance ? .seconds(300) : nil }

    private static func words(for approval: BotApproval) -> String {
        switch approval {
        case .new: "The bot waits to be approved."
        case .approved: "The bot is approved already."
        case .expired: "The bot's time is over: it has to be renewed first."
        case .rejected: "The bot was rejected."
        }
    }

    private static func words(for reason: String) -> String {
        switch reason {
        case "messages": "The plan's messages for today are used up: the bot goes on tomorrow, or with a larger plan."
        case "storage": "The plan's storage is used up: make room, or take a larger plan."
        case "processor": "The bot took more of the processor than its plan has: it goes on after a pause."
        case "memory": "The bot took more memory than its plan has: it goes on after a pause."
        case "suspended": "The account is suspended: its bots wait until it is restored."
        case "schedule": "The bot's schedule has it stopped at this hour."
        default: "The bot may not run at the moment."
        }
    }

    private static func words(for limit: PlanLimit, _ count: Int) -> String {
        switch limit {
        case .bots: "Your plan has room for \(count) bots: delete one, or take a larger plan."
        case .sessions: "Your plan lets \(count) bots run at once: stop one, or take a larger plan."
        case .messages, .storage, .processor, .memory: "A limit of your plan is reached."
        }
    }

    private static func words(for problem: EnvironmentProblem, _ name: String) -> String {
        switch problem {
        case .invalidName: "“\(name)” cannot be a variable's name: use capital letters, digits and underscores."
        case .tooLong(let limit): "\(name) is too long: at most \(limit) characters."
        case .notOffered(let values): "\(name) takes one of these: \(values.joined(separator: ", "))."
        case .outOfRange(let low, let high): "\(name) takes a whole number from \(low) to \(high)."
        case .invalidValue: "\(name) holds a character that cannot be kept."
        }
    }
}

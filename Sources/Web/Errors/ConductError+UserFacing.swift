package import Bots
package import HTTPTypes

extension ConductError: UserFacingError {
    package var code: String {
        switch problem {
        case .tooLong: "commands.too_long"
        case .tooMany: "commands.too_many"
        case .outOfRange: "commands.out_of_range"
        case .notOffered: "commands.not_offered"
        case .notAPrefix: "commands.not_a_prefix"
        case .notANumber: "commands.not_a_number"
        case .notAnEmoji: "commands.not_an_emoji"
        case .notAHost: "commands.not_a_host"
        case .notATime: "commands.not_a_time"
        case .notAGroup: "commands.not_a_chat"
        case .unknownCommand: "commands.unknown"
        }
    }

    package var message: String {
        switch problem {
        case .tooLong(let limit): "That is too long: at most \(limit) characters."
        case .tooMany(let limit): "At most \(limit) fit: remove some."
        case .outOfRange(let range): "Type a whole number from \(range.lowerBound) to \(range.upperBound)."
        case .notOffered: "Choose one of what is offered."
        case .notAPrefix: "A prefix has 1 to 4 characters without blanks, such as ! or a dot."
        case .notANumber: "Type each number with its country code, such as +1 555 000 1111."
        case .notAnEmoji: "Type single emojis, parted by blanks."
        case .notAHost: "Type hosts such as example.com, in small letters."
        case .notATime: "Type two different times, such as 08:00 and 20:00."
        case .notAGroup: "Choose a group, or type a phone number with its country code."
        case .unknownCommand: "There is no such command."
        }
    }

    package var status: HTTPResponse.Status { .unprocessableContent }
    package var field: String? { setting }
}

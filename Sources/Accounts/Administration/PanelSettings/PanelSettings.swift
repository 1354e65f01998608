/// What an administrator may change while the server runs.
package struct PanelSettings: Sendable, Equatable {
    package var isRegistrationOpen = true
    package var needsVerifiedEmail = true
    /// Logins, and password resets, of one address or one account.
    package var loginsPerMinute = 5
    /// Of one address.
    package var callsPerMinute = 100
    /// Calls that change something, of one account.
    package var writesPerMinute = 20
    /// Between two looks for bots whose time is over.
    package var botCheckSeconds = 60
    /// So many days ahead owners are told that a bot ends, from the most to the fewest.
    package var noticeDays = [7, 3, 1]
    /// What is chosen first where a bot is approved.
    package var approvalMonths = 1
    /// Of new bots, unless their owner takes another one.
    package var botPrefix = "!"
    /// Whom people may ask: an e-mail address, a page's address or any other line; empty for nobody.
    package var supportContact = ""
    /// What an administrator has set; the others have their standard.
    package internal(set) var changed: Set<Key> = []

    package init() {}

    /// One of the settings, by the name that it has in the database.
    package enum Key: String, Sendable, CaseIterable {
        case registration
        case verification
        case loginsPerMinute
        case callsPerMinute
        case writesPerMinute
        case botCheckSeconds
        case noticeDays
        case approvalMonths
        case botPrefix
        case supportContact
    }

    /// What values a setting takes.
    package enum Kind: Sendable, Equatable {
        case flag
        case number(ClosedRange<Int>)
        /// Some numbers of that range, with commas.
        case numbers(ClosedRange<Int>, limit: Int)
        case choice([Int])
        /// One line without blanks.
        case word(limit: Int)
        /// One line, or nothing.
        case text(limit: Int)
    }

    /// The value as it is kept and shown, such as `true`, `20` or `7, 3, 1`.
    package subscript(_ key: Key) -> String {
        switch key {
        case .registration: "\(isRegistrationOpen)"
        case .verification: "\(needsVerifiedEmail)"
        case .loginsPerMinute: "\(loginsPerMinute)"
        case .callsPerMinute: "\(callsPerMinute)"
        case .writesPerMinute: "\(writesPerMinute)"
        case .botCheckSeconds: "\(botCheckSeconds)"
        case .noticeDays: noticeDays.map { "\($0)" }.joined(separator: ", ")
        case .approvalMonths: "\(approvalMonths)"
        case .botPrefix: botPrefix
        case .supportContact: supportContact
        }
    }

    /// Takes a value in that form; throws ``AccountsError/invalidSetting(_:)`` for one that does not fit.
    package mutating func set(_ key: Key, to text: String) throws(AccountsError) {
        switch key {
        case .registration: isRegistrationOpen = try key.flag(text)
        case .verification: needsVerifiedEmail = try key.flag(text)
        case .loginsPerMinute: loginsPerMinute = try key.number(text)
        case .callsPerMinute: callsPerMinute = try key.number(text)
        case .writesPerMinute: writesPerMinute = try key.number(text)
        case .botCheckSeconds: botCheckSeconds = try key.number(text)
        case .noticeDays: noticeDays = try key.numbers(text)
        case .approvalMonths: approvalMonths = try key.number(text)
        case .botPrefix: botPrefix = try key.line(text)
        case .supportContact: supportContact = try key.line(text)
        }
        changed.insert(key)
    }
}

import Foundation

/// How a bot answers: what is set, and what holds.
package struct ShownConduct: Sendable {
    package let settings: ConductSettings
    /// What holds where nothing is set: the environment, the bot's row, the standards.
    package let standard: BotConduct
    /// Everything considered.
    package let effective: BotConduct
    /// Of the settings as they were read; 0 before there were any.
    package let version: Int
}

extension BotControl {
    /// How the bot answers.
    package func conduct(of id: BotID, for caller: BotCaller) async throws -> ShownConduct {
        let bot = try await hosting.find(id, for: caller, atLeast: .own)
        let environment = try await hosting.revealedEnvironment(of: bot)
        let (settings, version) = try await conduct.settings(of: id)
        return ShownConduct(
            settings: settings,
            standard: BotConduct(bot: bot, environment: environment, settings: ConductSettings()),
            effective: BotConduct(bot: bot, environment: environment, settings: settings),
            version: version
        )
    }

    /// Changes how the bot answers, from the next message on; `version` is that of the settings that the caller saw.
    package func changeConduct(
        of id: BotID,
        by caller: BotCaller,
        version: Int?,
        _ body: (inout ConductSettings) throws -> Void
    ) async throws {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        let (before, seen) = try await conduct.settings(of: id)
        if let version, version != seen { throw HostingError.changedMeanwhile }
        var settings = before
        try body(&settings)
        try settings.check()
        guard settings != before else { return }
        guard try await conduct.save(settings, of: id, version: seen, at: now) else {
            throw HostingError.changedMeanwhile
        }
        try await services.store.live.refresh(id)
        try await note(HistoryDetail(.conduct), of: id, by: caller)
    }
}

extension ConductSettings {
    package static let prefixLimit = 8
    package static let numberLimit = 20
    package static let reactionLimit = 10
    package static let textLimit = 2_000
    package static let warnLimits = 1...20
    package static let rates = 1...120

    /// Says what is wrong with the settings that people type.
    func check() throws(ConductError) {
        try Self.check(prefixes: prefixes)
        try Self.check(owners, "owners")
        try Self.check(admins, "admins")
        if let timeZone, TimeZone(identifier: timeZone) == nil { throw ConductError("timeZone", .notOffered) }
        if let autoReact {
            guard autoReact.count <= Self.reactionLimit else { throw ConductError("autoReact", .tooMany(10)) }
            guard autoReact.allSatisfy(EmojiText.isOne) else { throw ConductError("autoReact", .notAnEmoji) }
        }
        if let reactsToStatuses, !reactsToStatuses.isEmpty, !EmojiText.isOne(reactsToStatuses) {
            throw ConductError("reactsToStatuses", .notAnEmoji)
        }
        for (name, text) in [("callAnswer", callAnswer), ("welcome", welcome), ("goodbye", goodbye)] {
            guard text?.count ?? 0 <= Self.textLimit else { throw ConductError(name, .tooLong(Self.textLimit)) }
        }
        if let warnLimit, !Self.warnLimits.contains(warnLimit) {
            throw ConductError("warnLimit", .outOfRange(Self.warnLimits))
        }
        if let commandsPerMinute, !Self.rates.contains(commandsPerMinute) {
            throw ConductError("commandsPerMinute", .outOfRange(Self.rates))
        }
    }

    static func check(prefixes: [String]?) throws(ConductError) {
        guard let prefixes else { return }
        guard prefixes.count <= prefixLimit else { throw ConductError("prefixes", .tooMany(prefixLimit)) }
        // The empty one is for commands without any.
        guard prefixes.allSatisfy({ $0.isEmpty || BotText.isPrefix($0) }) else {
            throw ConductError("prefixes", .notAPrefix)
        }
    }

    private static func check(_ numbers: [String]?, _ field: String) throws(ConductError) {
        guard let numbers else { return }
        guard numbers.count <= numberLimit else { throw ConductError(field, .tooMany(numberLimit)) }
        guard numbers.allSatisfy({ Person(number: $0) != nil }) else { throw ConductError(field, .notANumber) }
    }
}

/// What people put as a reaction.
enum EmojiText {
    /// One symbol that WhatsApp shows as a reaction.
    static func isOne(_ text: String) -> Bool {
        guard text.count == 1, text.utf8.count <= 64, let first = text.unicodeScalars.first else { return false }
        return first.properties.isEmojiPresentation || (first.properties.isEmoji && first.value > 0xFF)
    }
}

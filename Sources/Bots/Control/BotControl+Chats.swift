import Database
import Foundation
import WhatsAppWire

extension BotControl {
    /// The chats in which the bot behaves otherwise, by JID.
    package func chats(of id: BotID, for caller: BotCaller) async throws -> [String: ChatSettings] {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        return try await conduct.chats(of: id).filter { $0.value != ChatSettings() }
    }

    /// How the bot behaves in one chat; everything nil where nothing was set.
    package func chat(_ chat: String, of id: BotID, for caller: BotCaller) async throws -> ChatSettings {
        try await chats(of: id, for: caller)[try Self.chat(chat)] ?? ChatSettings()
    }

    /// Changes how the bot behaves in one chat, from the next message on.
    package func change(
        _ chat: String,
        of id: BotID,
        by caller: BotCaller,
        _ body: (inout ChatSettings) throws -> Void
    ) async throws -> ChatSettings {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        let own = try await automation.commands(of: id).map(\.name)
        let settings = try await services.store.changeChat(try Self.chat(chat), of: id) { settings in
            try body(&settings)
            try settings.check(registry, own: own)
        }
        try await note(HistoryDetail(.chatSettings), of: id, by: caller)
        return settings
    }

    /// Lets the bot's own settings hold in a chat again.
    package func forget(_ chat: String, of id: BotID, by caller: BotCaller) async throws {
        _ = try await hosting.find(id, for: caller, atLeast: .own)
        let jid = try Self.chat(chat)
        try await database.execute("DELETE FROM bot_chats WHERE bot_id = \(id) AND chat = \(jid)")
        try await services.store.live.refresh(id)
        try await note(HistoryDetail(.chatDefaults), of: id, by: caller)
    }

    /// A group, or somebody by number or JID.
    static func chat(_ text: String) throws(ConductError) -> String {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if let person = Person(written: text.filter { !$0.isWhitespace }) { return person.jid.description }
        guard let jid = JID(text), [.user, .lid, .group].contains(jid.server), !jid.user.isEmpty,
            text.utf8.count <= 128
        else { throw ConductError("chat", .notAGroup) }
        return jid.withoutDevice.description
    }
}

extension ChatSettings {
    package static let slowModes = 1...3_600
    package static let floodMessages = 2...50
    package static let floodSeconds = 1...120
    package static let wordLimit = 200
    package static let hostLimit = 50

    /// Says what is wrong with it; `own` are the names of the bot's own commands.
    func check(_ registry: CommandRegistry, own: [String]) throws(ConductError) {
        try ConductSettings.check(prefixes: prefixes)
        for (field, names) in [("disabledCommands", disabledCommands), ("enabledCommands", enabledCommands)] {
            guard (names ?? []).allSatisfy({ registry.find($0)?.declaration.name == $0 || own.contains($0) }) else {
                throw ConductError(field, .unknownCommand)
            }
        }
        if let links {
            guard links.allowed.count <= Self.hostLimit else { throw ConductError("linksAllowed", .tooMany(50)) }
            guard links.allowed.allSatisfy(Self.isHost) else { throw ConductError("linksAllowed", .notAHost) }
        }
        if let flood {
            guard Self.floodMessages.contains(flood.messages) else {
                throw ConductError("floodMessages", .outOfRange(Self.floodMessages))
            }
            guard Self.floodSeconds.contains(flood.seconds) else {
                throw ConductError("floodSeconds", .outOfRange(Self.floodSeconds))
            }
        }
        if let words {
            guard words.words.count <= Self.wordLimit else { throw ConductError("words", .tooMany(Self.wordLimit)) }
            guard words.words.allSatisfy({ (1...60).contains($0.count) }) else {
                throw ConductError("words", .tooLong(60))
            }
        }
        if let slowMode, !Self.slowModes.contains(slowMode) {
            throw ConductError("slowMode", .outOfRange(Self.slowModes))
        }
        if let warnLimit, !ConductSettings.warnLimits.contains(warnLimit) {
            throw ConductError("warnLimit", .outOfRange(ConductSettings.warnLimits))
        }
        for (name, text) in [("welcome", welcome), ("goodbye", goodbye)] {
            guard text?.count ?? 0 <= ConductSettings.textLimit else {
                throw ConductError(name, .tooLong(ConductSettings.textLimit))
            }
        }
        if let hours {
            for (name, minute) in [("opens", hours.opens), ("closes", hours.closes)] {
                guard minute.map((0..<1_440).contains) ?? true else { throw ConductError(name, .notATime) }
            }
            guard hours.opens != hours.closes else { throw ConductError("closes", .notATime) }
        }
    }

    static func isHost(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count) && text.contains(".")
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E
            }
    }
}

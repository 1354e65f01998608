import Database
package import Fleet
import Foundation
import Logging
import Synchronization
import WhatsApp
import WhatsAppWire

/// What the pipeline knows of a running bot: replaced as a whole when something of it changes.
package final class LiveBot: Sendable {
    package let id: BotID
    package let session: SessionID
    package let conduct: BotConduct
    /// Chats with settings of their own, by JID.
    package let chats: [String: ChatSettings]
    let automation: LiveAutomation?
    let away: [AwayPerson]

    init(
        id: BotID,
        session: SessionID,
        conduct: BotConduct,
        chats: [String: ChatSettings] = [:],
        automation: LiveAutomation? = nil,
        away: [AwayPerson] = []
    ) {
        self.id = id
        self.session = session
        self.conduct = conduct
        self.chats = chats
        self.automation = automation
        self.away = away
    }
}

/// The bots of this process, read from the database when they are first heard of.
///
/// Whoever changes something of a bot calls ``refresh(_:)``, which tells the other workers on the database too.
package final class LiveBots: Sendable {
    private struct State {
        var bots: [SessionID: Known] = [:]
        var devices: [SessionID: Set<JID>] = [:]
        var turn: UInt64 = 0
    }

    private struct Known {
        let bot: LiveBot
        /// When its reading began; what was read later is newer.
        let turn: UInt64
    }

    private static let channel = DatabaseChannel("bots_changed")

    private let hosting: Hosting
    private let conduct: ConductRepository
    private let automation: AutomationRepository
    private let state = Mutex(State())
    /// Which of the workers this is, so that it does not heed itself.
    private let origin = UUID().uuidString

    package init(hosting: Hosting) {
        self.hosting = hosting
        conduct = ConductRepository(database: hosting.database)
        automation = AutomationRepository(database: hosting.database)
    }

    /// What is known at once.
    func known(_ session: SessionID) -> LiveBot? {
        state.withLock { $0.bots[session]?.bot }
    }

    /// The bot of a session; nil for a session that is nobody's bot.
    func find(_ session: SessionID) async throws -> LiveBot? {
        if let known = known(session) { return known }
        return try await load(session)
    }

    /// Reads the bot anew.
    @discardableResult
    package func load(_ session: SessionID) async throws -> LiveBot? {
        let turn = state.withLock { state in
            state.turn += 1
            return state.turn
        }
        guard let id = hosting.ear.bot(of: session), let bot = try await hosting.bots.find(id) else {
            forget(session)
            return nil
        }
        let environment = try await hosting.revealedEnvironment(of: bot)
        let settings = try await conduct.settings(of: id).settings
        let live = LiveBot(
            id: id,
            session: session,
            conduct: BotConduct(bot: bot, environment: environment, settings: settings),
            chats: try await conduct.chats(of: id),
            automation: try await automation.live(id),
            away: try await AwayRepository(database: hosting.database).list(id)
        )
        state.withLock { state in
            guard state.bots[session].map({ $0.turn < turn }) ?? true else { return }
            state.bots[session] = Known(bot: live, turn: turn)
        }
        return live
    }

    /// Takes over what somebody has changed, if the bot is known here, and has other workers do the same.
    func refresh(_ id: BotID) async throws {
        try await reload([id])
        try await hosting.database.tell("\(id) \(origin)", on: Self.channel)
    }

    /// Takes over what others change, until the caller is cancelled.
    ///
    /// After a lost connection all bots are read anew, because nobody knows what was missed.
    func followOthers() async {
        await hosting.database.listen(on: Self.channel) { notice in
            switch notice {
            case .begun: try await self.reload(Set(self.all.map(\.id)))
            case .told(let texts):
                let changes = texts.map { $0.split(separator: " ") }.filter { $0.count == 2 && $0[1] != self.origin }
                try await self.reload(Set(changes.compactMap { BotID(String($0[0])) }))
            }
        }
    }

    /// Takes over what the panel changes of bots themselves, such as a name or a variable, until the caller is cancelled.
    func followRows(logger: Logger) async {
        for await id in hosting.ear.rowChanges() {
            do {
                try await reload([id])
            } catch {
                logger.warning("A bot cannot be read", metadata: ["bot.id": "\(id)", "error": "\(error)"])
            }
        }
    }

    /// Reads those of them anew that are known here.
    private func reload(_ ids: Set<BotID>) async throws {
        guard !ids.isEmpty else { return }
        let sessions = state.withLock { state in state.bots.filter { ids.contains($0.value.bot.id) }.map(\.key) }
        for session in sessions {
            let wasShown = known(session)?.conduct.flags.contains(.showsOnline)
            let isShown = try await load(session)?.conduct.flags.contains(.showsOnline)
            guard let wasShown, let isShown, wasShown != isShown else { continue }
            // Who is not connected tells it after the next login.
            try? await hosting.scheduler.running(session).setAvailable(isShown)
        }
    }

    func forget(_ session: SessionID) {
        state.withLock { state in
            state.bots[session] = nil
            state.devices[session] = nil
        }
    }

    /// Notes which device a bot is, under both of its names.
    func note(_ account: Credentials.LinkedAccount, of session: SessionID) {
        let names = Set([account.jid, account.lid].compactMap { $0 })
        state.withLock { $0.devices[session] = names }
    }

    /// Whether a device is another bot of this process: one account may have several linked.
    func isOther(_ device: JID, than session: SessionID) -> Bool {
        state.withLock { state in state.devices.contains { $0.key != session && $0.value.contains(device) } }
    }

    /// All that are known, for work that is not about one message.
    var all: [LiveBot] { state.withLock { $0.bots.values.map(\.bot) } }
}

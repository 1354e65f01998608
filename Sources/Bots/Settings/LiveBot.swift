package import Fleet
import Synchronization

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
package final class LiveBots: Sendable {
    private let hosting: Hosting
    private let conduct: ConductRepository
    private let automation: AutomationRepository
    private let bots = Mutex<[SessionID: LiveBot]>([:])

    package init(hosting: Hosting) {
        self.hosting = hosting
        conduct = ConductRepository(database: hosting.database)
        automation = AutomationRepository(database: hosting.database)
    }

    /// What is known at once.
    func known(_ session: SessionID) -> LiveBot? {
        bots.withLock { $0[session] }
    }

    /// The bot of a session; nil for a session that is nobody's bot.
    func find(_ session: SessionID) async throws -> LiveBot? {
        if let known = known(session) { return known }
        return try await load(session)
    }

    /// Reads the bot anew.
    @discardableResult
    package func load(_ session: SessionID) async throws -> LiveBot? {
        guard let id = hosting.ear.bot(of: session), let bot = try await hosting.bots.find(id) else {
            bots.withLock { $0[session] = nil }
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
        bots.withLock { $0[session] = live }
        return live
    }

    /// Takes over what somebody has changed, if the bot is known here.
    func refresh(_ id: BotID) async throws {
        let session = bots.withLock { $0.first { $0.value.id == id }?.key }
        if let session { try await load(session) }
    }

    func forget(_ session: SessionID) {
        bots.withLock { $0[session] = nil }
    }

    /// All that are known, for work that is not about one message.
    var all: [LiveBot] { bots.withLock { Array($0.values) } }
}

internal import Crypto
package import Database
package import Foundation
package import Logging

/// People: how they register, log in and out, and what belongs to them.
package struct AccountsService: Sendable {
    package let configuration: AccountsConfiguration
    package let audit: AuditLog
    /// Tells whose rights may have changed.
    package let access = AccessSignal()
    let database: Database
    let hasher: PasswordHasher
    let keys: AccountKeys
    let limits: AttemptLimits
    let accounts: AccountRepository
    let loginSessions: LoginSessionRepository
    let apiKeys: APIKeyRepository
    let apiLogins: APILoginRepository
    let secondFactors: SecondFactorRepository
    let links: AccountLinkRepository
    let teams: TeamRepository
    let identityRepository: IdentityRepository
    let keyedCalls: KeyedCallRepository
    let settings: PanelSettingsStore
    let board: AnnouncementBoard
    let providerClient: ProviderClient
    /// Mails on their way; sends as long as it runs.
    package let outbox: MailOutbox
    let compose: MailComposer
    let logger: Logger
    let now: @Sendable () -> Date

    package init(
        configuration: AccountsConfiguration,
        database: Database,
        hasher: PasswordHasher,
        keys: AccountKeys,
        providerClient: ProviderClient,
        outbox: MailOutbox,
        compose: @escaping MailComposer,
        logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.configuration = configuration
        self.database = database
        self.hasher = hasher
        self.keys = keys
        self.logger = logger
        self.now = now
        audit = AuditLog(database: database)
        limits = AttemptLimits(database: database, key: keys.limits, now: now)
        accounts = AccountRepository(database: database)
        loginSessions = LoginSessionRepository(database: database)
        apiKeys = APIKeyRepository(database: database)
        apiLogins = APILoginRepository(database: database)
        secondFactors = SecondFactorRepository(database: database)
        links = AccountLinkRepository(database: database)
        teams = TeamRepository(database: database)
        identityRepository = IdentityRepository(database: database)
        keyedCalls = KeyedCallRepository(database: database)
        settings = PanelSettingsStore(database: database, configuration: configuration)
        board = AnnouncementBoard(database: database)
        self.providerClient = providerClient
        self.outbox = outbox
        self.compose = compose
    }

    /// For the tokens of the web pages' forms.
    package var formKey: [UInt8] { keys.forms }

    /// The account of that id.
    package func account(_ id: AccountID) async throws -> Account {
        guard let account = try await accounts.find(id) else { throw AccountsError.unknownAccount }
        return account
    }

    /// Whether the account may do it now, and not only once its e-mail address is proved.
    package func isReady(_ viewer: Viewer, for permission: Permission) async throws -> Bool {
        guard permission.needsVerifiedEmail, !viewer.account.isEmailVerified else { return true }
        return try await !settings.current().needsVerifiedEmail
    }

    /// Throws unless the person has shown of late who it is; nobody shows it for somebody else.
    func requireConfirmation(_ viewer: Viewer) throws(AccountsError) {
        guard isConfirmed(viewer) else { throw .confirmationNeeded }
    }

    /// Whether sensitive changes need no password at this moment.
    package func isConfirmed(_ viewer: Viewer) -> Bool {
        guard viewer.impersonator == nil, case .browser = viewer.credential else { return false }
        return abs(now().timeIntervalSince(viewer.confirmedAt)) < configuration.confirmationLifetime / .seconds(1)
    }
}

import Database
import Foundation
import HTTPClient
import Logging
import Mail
import Synchronization
import WharfTestSupport

@testable import Accounts

/// Accounts on a database of their own, and a clock that tests move.
final class AccountsWorld: Sendable {
    static let silence = Logger(label: "tests.accounts", factory: { _ in SwiftLogNoOpLogHandler() })
    static let password = "harbour crane at dawn"
    static let caller = Caller(address: "192.0.2.7", network: "192.0.2.7", userAgent: "Tests/1.0")

    let database: Database
    let service: AccountsService
    let clock: TestClock

    static func run(
        parameters: Argon2Parameters = Argon2Parameters(memory: 64, passes: 1, lanes: 1),
        _ change: (inout AccountsConfiguration) -> Void = { _ in },
        _ body: (AccountsWorld) async throws -> Void
    ) async throws {
        try await withTestDatabase { database in
            try await body(AccountsWorld(database, parameters: parameters, change))
        }
    }

    init(
        _ database: Database,
        parameters: Argon2Parameters = Argon2Parameters(memory: 64, passes: 1, lanes: 1),
        keys: AccountKeys = AccountKeys(secret: [UInt8](repeating: 3, count: 32)),
        client: ProviderClient? = nil,
        _ change: (inout AccountsConfiguration) -> Void = { _ in }
    ) throws {
        self.database = database
        let clock = TestClock()
        self.clock = clock
        var configuration = AccountsConfiguration()
        configuration.logins.count = 100
        configuration.resets.count = 100
        configuration.registrations.count = 100
        configuration.resetAnswerTime = .milliseconds(1)
        change(&configuration)
        service = AccountsService(
            configuration: configuration,
            database: database,
            hasher: try PasswordHasher(parameters: parameters, threads: 1, queueLimit: 64),
            keys: keys,
            providerClient: client ?? ProviderClient(http: HTTPClient()),
            outbox: MailOutbox(database: database, transport: MailFolder(path: "/nonexistent"), logger: Self.silence),
            compose: { kind, values, _ in
                (kind.name, values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n"))
            },
            logger: Self.silence,
            now: { clock.now }
        )
    }

    /// A new account and its viewer.
    func register(
        _ email: String = "ada@example.com",
        name: String = "Ada",
        isVerified: Bool = false
    ) async throws -> Viewer {
        _ = try await service.register(
            email: email,
            name: name,
            password: Self.password,
            language: .english,
            caller: Self.caller
        )
        guard let account = try await service.account(withEmail: email) else { throw AccountsError.unknownAccount }
        let cookie = SecretToken.random()
        try await database.withTransaction { transaction in
            try await service.begin(cookie, of: account, caller: Self.caller, on: transaction)
        }
        if isVerified {
            try await service.accounts.setEmail(account.email, of: account.id, at: clock.now, on: database)
        }
        return try await viewer(cookie)
    }

    func viewer(_ cookie: SecretToken) async throws -> Viewer {
        guard let viewer = try await service.viewer(cookie: cookie, caller: Self.caller) else {
            throw AccountsError.invalidToken
        }
        return viewer
    }

    /// Logs in with the password and nothing else.
    func logIn(_ email: String = "ada@example.com", password: String = AccountsWorld.password) async throws -> Viewer {
        guard
            case .loggedIn(_, let cookie) = try await service.logIn(
                email: email,
                password: password,
                caller: Self.caller
            )
        else { throw AccountsError.wrongCode }
        return try await viewer(cookie)
    }

    func makeAdministrator(_ email: String = "root@example.com") async throws -> Viewer {
        _ = try await service.provideAdministrator(email: email, password: Self.password)
        return try await logIn(email)
    }

    /// The newest mail to an address, and the last part of the link in it.
    func mail(to recipient: String) async throws -> (subject: String, body: String, token: SecretToken)? {
        let row = try await database.queryOne(
            "SELECT subject, body FROM mail_outbox WHERE recipient = \(recipient) ORDER BY id DESC LIMIT 1"
        )
        guard let row else { return nil }
        let body: String = try row.decode("body")
        let link = body.split(separator: "\n").first { $0.hasPrefix("link=") } ?? ""
        return (try row.decode("subject"), body, SecretToken(String(link.split(separator: "/").last ?? "")))
    }

    func actions() async throws -> [String] {
        try await service.audit.lines(AuditFilter(), limit: 1_000).map(\.action).reversed()
    }
}

/// A clock that stands still until it is moved.
final class TestClock: Sendable {
    private let current = Mutex(Date(timeIntervalSince1970: 1_790_000_000))

    var now: Date { current.withLock { $0 } }

    func advance(by duration: Duration) {
        current.withLock { $0 = $0.addingTimeInterval(duration / .seconds(1)) }
    }
}

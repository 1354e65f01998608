internal import Accounts
internal import Foundation

/// What `/api/login` answers.
///
/// `token` is the access token under the name that an older panel's programs read.
struct IssuedTokens: Encodable {
    let accessToken: String
    let token: String
    let tokenType = "Bearer"
    let expiresIn: Int64
    let refreshToken: String
    let account: ShownAccount

    init(_ tokens: APITokens) {
        accessToken = tokens.accessToken.text
        token = tokens.accessToken.text
        expiresIn = tokens.expiresIn.components.seconds
        refreshToken = tokens.refreshToken.text
        account = ShownAccount(tokens.account)
    }
}

struct ShownAccount: Encodable {
    let id: String
    let email: String
    let emailVerified: Bool
    let name: String
    let role: String
    let status: String
    let twoFactor: Bool
    let createdAt: Date
    let lastLoginAt: Date?

    init(_ account: Account) {
        id = account.id.description
        email = account.email.text
        emailVerified = account.isEmailVerified
        name = account.name
        role = account.role.rawValue
        status = account.status.rawValue
        twoFactor = account.hasSecondFactor
        createdAt = account.createdAt
        lastLoginAt = account.lastLoginAt
    }
}

struct ShownKey: Encodable {
    let id: String
    let name: String
    let prefix: String
    let scopes: [String]
    let createdAt: Date
    let expiresAt: Date?
    let lastUsedAt: Date?
    /// The key itself, in the answer that makes it and never again.
    let key: String?

    init(_ key: APIKey, text: SecretToken? = nil) {
        id = key.id.description
        name = key.name
        prefix = key.prefix
        scopes = key.scopes.map(\.rawValue).sorted()
        createdAt = key.createdAt
        expiresAt = key.expiresAt
        lastUsedAt = key.lastUsedAt
        self.key = text?.text
    }
}

struct ListedKeys: Encodable {
    let keys: [ShownKey]
}

struct ShownDevice: Encodable {
    let id: String
    let address: String
    let userAgent: String
    let createdAt: Date
    let lastSeenAt: Date

    init(_ session: LoginSession) {
        id = session.id.description
        address = session.address
        userAgent = session.userAgent
        createdAt = session.createdAt
        lastSeenAt = session.lastSeenAt
    }
}

struct ListedDevices: Encodable {
    let devices: [ShownDevice]
}

/// A program that logged in with a password.
struct ShownProgram: Encodable {
    let id: String
    let address: String
    let userAgent: String
    let createdAt: Date
    let lastUsedAt: Date
    /// Whether it is the one that asks.
    let isThis: Bool

    init(_ program: ProgramLogin, _ viewer: Viewer) {
        id = program.id.description
        address = program.address
        userAgent = program.userAgent
        createdAt = program.createdAt
        lastUsedAt = program.lastUsedAt
        isThis = viewer.credential == .accessToken(program.id)
    }
}

struct ListedPrograms: Encodable {
    let programs: [ShownProgram]
}

struct ShownTeam: Encodable {
    struct Member: Encodable {
        let id: String
        let name: String
        let email: String
        let joinedAt: Date
    }

    struct Invitation: Encodable {
        let id: String
        let email: String
        let createdAt: Date
        let expiresAt: Date
    }

    let members: [Member]
    let invitations: [Invitation]

    init(_ members: [TeamMember], _ invitations: [TeamInvitation]) {
        self.members = members.map {
            Member(id: $0.id.description, name: $0.name, email: $0.email.text, joinedAt: $0.joinedAt)
        }
        self.invitations = invitations.map {
            Invitation(
                id: $0.id.description,
                email: $0.email.text,
                createdAt: $0.createdAt,
                expiresAt: $0.expiresAt
            )
        }
    }
}

struct ListedAccounts: Encodable {
    let accounts: [ShownAccount]
    /// Send it as `after` to go on; null at the end.
    let next: String?
}

struct ShownAuditLine: Encodable {
    let id: Int64
    let at: Date
    let action: String
    let actor: String
    let accountID: String?
    let subject: String?
    let address: String
    let before: String?
    let after: String?

    init(_ line: AuditLine) {
        id = line.id
        at = line.at
        action = line.action
        actor = line.actor
        accountID = line.accountID?.description
        subject = line.subject
        address = line.address
        before = line.before
        after = line.after
    }
}

struct ListedAuditLines: Encodable {
    let lines: [ShownAuditLine]
    let next: String?
}

struct ShownAnnouncement: Encodable {
    let id: String
    let kind: String
    let message: String
    let startsAt: Date
    let endsAt: Date?

    init(_ announcement: Announcement) {
        id = announcement.id.description
        kind = announcement.kind.rawValue
        message = announcement.message
        startsAt = announcement.startsAt
        endsAt = announcement.endsAt
    }
}

struct ListedAnnouncements: Encodable {
    let announcements: [ShownAnnouncement]
}

struct ShownSettings: Encodable {
    let registrationOpen: Bool
    let verifyEmail: Bool
    let loginsPerMinute: Int
    let apiCallsPerMinute: Int
    let apiWritesPerMinute: Int
    let botCheckSeconds: Int
    let noticeDays: [Int]
    let approvalMonths: Int
    let botPrefix: String
    let supportContact: String
    /// Those that an administrator has set.
    let changed: [String]
    /// Those that the configuration gives, each with its key there.
    let fixed: [String: String]

    init(_ settings: PanelSettings, fixed: Set<PanelSettings.Key>) {
        registrationOpen = settings.isRegistrationOpen
        verifyEmail = settings.needsVerifiedEmail
        loginsPerMinute = settings.loginsPerMinute
        apiCallsPerMinute = settings.callsPerMinute
        apiWritesPerMinute = settings.writesPerMinute
        botCheckSeconds = settings.botCheckSeconds
        noticeDays = settings.noticeDays
        approvalMonths = settings.approvalMonths
        botPrefix = settings.botPrefix
        supportContact = settings.supportContact
        changed = PanelSettings.Key.allCases.filter { settings.changed.contains($0) }.map(\.name)
        self.fixed = Dictionary(uniqueKeysWithValues: fixed.map { ($0.name, $0.variable ?? "") })
    }
}

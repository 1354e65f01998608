internal import Foundation

/// What an account's owner gets of what is kept about it.
struct AccountExport<Bot: Encodable, Link: Encodable>: Encodable {
    struct Person: Encodable {
        let id: String
        let email: String
        let emailVerifiedAt: Date?
        let name: String
        let role: String
        let language: String?
        let hasPassword: Bool
        let hasSecondFactor: Bool
        let createdAt: Date
        let lastLoginAt: Date?
    }

    struct Device: Encodable {
        let since: Date
        let lastSeenAt: Date
        let address: String
        let userAgent: String
    }

    struct Key: Encodable {
        let name: String
        let prefix: String
        let scopes: [String]
        let createdAt: Date
        let expiresAt: Date?
        let lastUsedAt: Date?
    }

    struct Identity: Encodable {
        let provider: String
        let email: String
        let linkedAt: Date
    }

    struct Event: Encodable {
        let at: Date
        let action: String
        let actor: String
        let subject: String?
        let address: String
        let before: String?
        let after: String?
    }

    let exportedAt: Date
    let account: Person
    let devices: [Device]
    /// Programs that logged in with the password.
    let programs: [Device]
    let apiKeys: [Key]
    let identities: [Identity]
    let events: [Event]
    let bots: [Bot]
    let links: [Link]

    init(
        account: Account,
        sessions: [LoginSession],
        programs: [ProgramLogin],
        keys: [APIKey],
        identities: [LinkedIdentity],
        audit: [AuditLine],
        bots: [Bot],
        links: [Link],
        at now: Date
    ) {
        exportedAt = now
        self.bots = bots
        self.links = links
        self.account = Person(
            id: account.id.description,
            email: account.email.text,
            emailVerifiedAt: account.emailVerifiedAt,
            name: account.name,
            role: account.role.rawValue,
            language: account.language?.rawValue,
            hasPassword: account.hasPassword,
            hasSecondFactor: account.hasSecondFactor,
            createdAt: account.createdAt,
            lastLoginAt: account.lastLoginAt
        )
        devices = sessions.map {
            Device(since: $0.createdAt, lastSeenAt: $0.lastSeenAt, address: $0.address, userAgent: $0.userAgent)
        }
        self.programs = programs.map {
            Device(since: $0.createdAt, lastSeenAt: $0.lastUsedAt, address: $0.address, userAgent: $0.userAgent)
        }
        apiKeys = keys.map { key in
            Key(
                name: key.name,
                prefix: key.prefix,
                scopes: key.scopes.map(\.rawValue).sorted(),
                createdAt: key.createdAt,
                expiresAt: key.expiresAt,
                lastUsedAt: key.lastUsedAt
            )
        }
        self.identities = identities.map { Identity(provider: $0.provider, email: $0.email, linkedAt: $0.createdAt) }
        events = audit.map { line in
            // Who else did something with the account, an administrator above all, is not the owner's to have.
            let isOwn = line.actorID == nil || line.actorID == account.id
            return Event(
                at: line.at,
                action: line.action,
                actor: isOwn ? line.actor : "somebody else",
                subject: line.subject,
                address: isOwn ? line.address : "",
                before: line.before,
                after: line.after
            )
        }
    }
}

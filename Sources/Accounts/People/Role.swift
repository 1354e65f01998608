/// What an account is.
package enum Role: String, Sendable, CaseIterable {
    /// Runs the place.
    case admin
    /// Has bots, and perhaps a team.
    case user
    /// Helps with the inbox of somebody's team.
    case agent
}

/// One thing that an account may be allowed to do.
package enum Permission: String, Sendable, CaseIterable {
    /// See and change the own name, password, devices and keys.
    case ownAccount
    /// See, deploy and run own bots.
    case bots
    /// Invite and remove agents.
    case team
    /// Read and answer conversations.
    case inbox
    /// See and change everybody's accounts, and sign in as them.
    case administerAccounts
    /// Approve, renew, stop and limit everybody's bots.
    case administerBots
    /// See what was done by whom.
    case readAudit
    /// See the machine, logs and analytics.
    case seeSystem
    /// Change plans, announcements and settings.
    case changeSettings

    /// Whether the account's e-mail address must have been proved first, where that is asked for.
    package var needsVerifiedEmail: Bool {
        switch self {
        case .ownAccount: false
        case .bots, .team, .inbox, .administerAccounts, .administerBots, .readAudit, .seeSystem, .changeSettings: true
        }
    }
}

extension Role {
    /// The one table of who may do what.
    package var permissions: Set<Permission> {
        switch self {
        case .admin: Set(Permission.allCases)
        case .user: [.ownAccount, .bots, .team, .inbox]
        case .agent: [.ownAccount, .inbox]
        }
    }

    package func may(_ permission: Permission) -> Bool {
        permissions.contains(permission)
    }
}

/// What a program may do with an API key or an access token.
package enum APIScope: String, Sendable, CaseIterable {
    case accountRead = "account:read"
    case accountWrite = "account:write"
    case botsRead = "bots:read"
    case botsWrite = "bots:write"
    case admin

    /// What its account must be allowed to do for the scope to mean anything.
    package var permission: Permission {
        switch self {
        case .accountRead, .accountWrite: .ownAccount
        case .botsRead, .botsWrite: .bots
        case .admin: .administerBots
        }
    }
}

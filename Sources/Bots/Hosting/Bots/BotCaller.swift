package import Accounts

/// Who asks for something.
package struct BotCaller: Sendable {
    package let account: AccountID
    /// Whose person it is: the account's, or an administrator who looks on as the account.
    package let actor: AccountID
    /// For histories.
    package let name: String
    /// May approve, and see everybody's bots.
    package var isAdministrator: Bool
    package let isImpersonated: Bool
    /// For the audit log; nil for what no person does.
    package let viewer: Viewer?

    package init(
        account: AccountID,
        actor: AccountID? = nil,
        name: String,
        isAdministrator: Bool,
        isImpersonated: Bool = false,
        viewer: Viewer? = nil
    ) {
        self.viewer = viewer
        self.account = account
        self.actor = actor ?? account
        self.name = name
        self.isAdministrator = isAdministrator
        self.isImpersonated = isImpersonated
    }

    /// Whether this is an administrator's doing with the bot of somebody else, who is not told which administrator.
    func isStaff(for owner: AccountID?) -> Bool {
        isImpersonated || (isAdministrator && owner != account)
    }

    /// The name that the bot's owner gets to see, or a word for it.
    func shownName(to owner: AccountID?) -> String {
        isStaff(for: owner) ? Self.staff : name
    }

    /// Stands for any administrator.
    package static let staff = "administrator"
}

/// How far somebody's rights on a bot go.
package enum BotAccess: Int, Sendable, Comparable {
    /// Sees it, and its log.
    case view = 1
    /// Starts and stops it as well.
    case operate = 2
    /// Everything that its owner may.
    case own = 3

    package static func < (left: BotAccess, right: BotAccess) -> Bool { left.rawValue < right.rawValue }
}

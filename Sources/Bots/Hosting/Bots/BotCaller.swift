package import Accounts

/// Who asks for something.
package struct BotCaller: Sendable {
    package let account: AccountID
    /// For histories.
    package let name: String
    /// May approve, and see everybody's bots.
    package let isAdministrator: Bool
    /// For the audit log; nil for what no person does.
    package let viewer: Viewer?

    package init(account: AccountID, name: String, isAdministrator: Bool, viewer: Viewer? = nil) {
        self.viewer = viewer
        self.account = account
        self.name = name
        self.isAdministrator = isAdministrator
    }
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

package import Accounts
package import Foundation

/// Something that an account is told about one of its bots.
package struct BotNotice: Sendable, Equatable {
    package let id: Int
    package let account: AccountID
    package let bot: BotID?
    package let kind: NoticeKind
    package let botName: String
    /// A number, a limit's word or a name, as the kind has it.
    package let detail: String?
    package let createdAt: Date
    package let isSeen: Bool
}

/// What notices are about.
package enum NoticeKind: String, Sendable, CaseIterable {
    /// The detail is the number of days that are left: 7, 3 or 1.
    case expiresSoon = "expires_soon"
    case expired
    case approved
    case rejected
    case renewed
    /// A limit of the plan was reached; the detail is the limit.
    case held
    case linkLost = "link_lost"
    /// Its session was stopped because nothing happened on it for long.
    case idle
    /// The detail is who offers.
    case transferOffered = "transfer_offered"
    case transferred
    case shared
}

/// Writes to the owners of bots by mail.
package protocol HostingMail: Sendable {
    /// Hands a notice over to be sent; throws when it should be tried again later.
    func send(_ notice: BotNotice) async throws
}

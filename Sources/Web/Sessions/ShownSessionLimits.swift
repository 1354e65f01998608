internal import Foundation
internal import WhatsApp

/// What the service does not let an account do, on the topic of a session and with its bot.
struct ShownSessionLimits: Encodable {
    let reachOutLocked: Bool
    let reachOutLockedUntil: Date?
    let newChatsCapped: Bool
    let newChatsUsed: Int?
    let newChatsTotal: Int?

    init(_ restrictions: SessionRestrictions) {
        reachOutLocked = restrictions.isReachOutLocked
        reachOutLockedUntil = restrictions.reachOutLockedUntil
        newChatsCapped = restrictions.isNewChatCapReached
        newChatsUsed = restrictions.newChatsUsed
        newChatsTotal = restrictions.newChatsTotal
    }
}

package import Foundation
package import WhatsAppWire

/// What the service says of the limits on an account.
package enum RestrictionNotice: Sendable, Equatable {
    /// Writing to strangers, and until when not.
    case reachOutLock(isActive: Bool, until: Date?)
    case newChats(used: Int?, total: Int?, isReached: Bool)

    /// Reads `<notification type="mex"><update op_name>{json}</update></notification>`.
    package static func read(_ node: BinaryNode) -> [RestrictionNotice] {
        node.children("update").prefix(16)
            .compactMap { update in
                guard let bytes = update.bytes, let json = Mex.parse(bytes) else { return nil }
                let data = json.member("data") ?? json
                if let lock = data.member("xwa2_notify_account_reachout_timelock") { return self.lock(lock) }
                if let cap = data.member("xwa2_notify_message_capping_info") ?? data.member("xwa2_message_capping_info")
                {
                    return self.cap(cap)
                }
                guard update.attributes.text("op_name") == "MessageCappingInfoNotification" else { return nil }
                return data.firstMember.map(cap)
            }
    }

    static func lock(_ json: JSONValue) -> RestrictionNotice {
        let ends = json.integer("time_enforcement_ends").flatMap { $0 > 0 ? $0 : nil }
        return .reachOutLock(
            isActive: json.isTrue("is_active") ?? false,
            until: ends.map { Date(timeIntervalSince1970: Double($0)) }
        )
    }

    static func cap(_ json: JSONValue) -> RestrictionNotice {
        let used = json.integer("used_quota").flatMap { Int(exactly: $0) }
        let total = json.integer("total_quota").flatMap { Int(exactly: $0) }
        let isCounted = if let used, let total { total > 0 && used >= total } else { false }
        return .newChats(used: used, total: total, isReached: json.text("capping_status") == "CAPPED" || isCounted)
    }
}

extension JSONValue {
    /// What stands first in an object.
    var firstMember: JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first?.value
    }
}

extension SessionRestrictions {
    mutating func apply(_ notice: RestrictionNotice) {
        switch notice {
        case .reachOutLock(let isActive, let until):
            isReachOutLocked = isActive
            reachOutLockedUntil = isActive ? until : nil
        case .newChats(let used, let total, let isReached):
            isNewChatCapReached = isReached
            newChatsUsed = used
            newChatsTotal = total
        }
    }
}

/// The questions about limits.
package enum RestrictionRequests {
    package static func reachOutLock(_ queries: MexQueries) -> BinaryNode {
        Mex.query(queries.reachOutLock, [:])
    }

    package static func newChatCap(_ queries: MexQueries) -> BinaryNode {
        Mex.query(queries.newChatCap, ["input": ["type": .string("INDIVIDUAL_NEW_CHAT_MSG")]])
    }

    static func reachOutLock(in answer: BinaryNode) throws(RequestError) -> RestrictionNotice {
        RestrictionNotice.lock(try Mex.value("xwa2_fetch_account_reachout_timelock", in: answer))
    }

    static func newChatCap(in answer: BinaryNode) throws(RequestError) -> RestrictionNotice {
        RestrictionNotice.cap(try Mex.value("xwa2_message_capping_info", in: answer))
    }
}

internal import Foundation
internal import WhatsAppWire

/// How many one-time keys those get whose messages cannot be read: so many at once, and the same again in an hour.
///
/// Each key that goes out beside a question is stored for as long as nobody uses it, and whoever sends what nobody can read
/// is asked again and again.
struct KeyAllowances {
    enum Reason: String {
        case sender, session
    }

    struct Refusal: Equatable {
        var reason: Reason
        var limit: Int
        /// The first in an hour.
        var isFirst: Bool

        /// For the session's log.
        var text: String {
            switch reason {
            case .sender:
                "A sender whose messages cannot be read gets no more one-time keys for now (\(limit) within an hour)."
            case .session:
                "Senders whose messages cannot be read get no more one-time keys for now (\(limit) within an hour)."
            }
        }
    }

    private struct Bucket {
        var left: Double
        var at: Date
        var refusedAt: Date?

        mutating func take(limit: Int, at now: Date) -> Bool {
            let gained = max(0, now.timeIntervalSince(at)) * Double(limit) / 3_600
            left = min(Double(limit), left + gained)
            at = now
            return left >= 1
        }

        mutating func isFirstRefusal(at now: Date) -> Bool {
            if let refusedAt, now.timeIntervalSince(refusedAt) < 3_600 { return false }
            refusedAt = now
            return true
        }
    }

    static let perSender = 16
    static let perSession = 256
    static let senderLimit = 512

    private var senders: [JID: Bucket] = [:]
    private var session: Bucket?

    mutating func refusal(for sender: JID, at now: Date) -> Refusal? {
        var whole = session ?? Bucket(left: Double(Self.perSession), at: now)
        var own = senders[sender] ?? Bucket(left: Double(Self.perSender), at: now)
        let mayAtAll = whole.take(limit: Self.perSession, at: now)
        let may = own.take(limit: Self.perSender, at: now)
        var refusal: Refusal?
        if !may {
            refusal = Refusal(reason: .sender, limit: Self.perSender, isFirst: own.isFirstRefusal(at: now))
        } else if !mayAtAll {
            refusal = Refusal(reason: .session, limit: Self.perSession, isFirst: whole.isFirstRefusal(at: now))
        } else {
            whole.left -= 1
            own.left -= 1
        }
        session = whole
        // A crowd is bounded by the session's own allowance: those who are forgotten gain nothing to speak of.
        if senders[sender] == nil, senders.count >= Self.senderLimit {
            senders = senders.filter { now.timeIntervalSince($0.value.at) < 3_600 }
            if senders.count >= Self.senderLimit { senders = [:] }
        }
        senders[sender] = own
        return refusal
    }
}

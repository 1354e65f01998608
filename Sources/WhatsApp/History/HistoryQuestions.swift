internal import Foundation
internal import WhatsAppWire

/// The phone is asked for older messages of a chat: not too often, and not for many chats at once.
///
/// A phone that is asked on and on stops answering at all.
struct HistoryQuestions {
    /// Between two questions for the same chat.
    static let coolDown: TimeInterval = 60
    /// At once.
    static let limit = 8
    /// A phone that has not answered by then is not going to.
    static let patience: TimeInterval = 120

    private var asked: [JID: Date] = [:]
    /// When those were asked that are not answered yet, oldest first.
    private var underWay: [Date] = []

    /// How long to wait before the chat may be asked for; nil when it may be at once, and counts as asked for.
    mutating func wait(for chat: JID, at now: Date) -> TimeInterval? {
        asked = asked.filter { now.timeIntervalSince($0.value) < Self.coolDown }
        underWay.removeAll { now.timeIntervalSince($0) >= Self.patience }
        if let last = asked[chat] { return Self.coolDown - max(0, now.timeIntervalSince(last)) }
        if underWay.count >= Self.limit, let oldest = underWay.first {
            return Self.patience - max(0, now.timeIntervalSince(oldest))
        }
        asked[chat] = now
        underWay.append(now)
        return nil
    }

    /// The question did not get out.
    mutating func withdraw(_ chat: JID) {
        guard let time = asked.removeValue(forKey: chat), let index = underWay.lastIndex(of: time) else { return }
        underWay.remove(at: index)
    }

    /// The phone has answered one; which one it does not say.
    mutating func answered() {
        if !underWay.isEmpty { underWay.removeFirst() }
    }
}

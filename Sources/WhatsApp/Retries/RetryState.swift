internal import Foundation
internal import NIOCore
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// Messages that could not be read and have been asked for again.
struct RetryState {
    /// By sender device and id: the question to the own phone that follows when no answer comes.
    private var waiting: [String: Scheduled<Void>] = [:]
    /// By device and message: the base key of the session when the device asked for the second time.
    private var baseKeys: [String: [UInt8]] = [:]

    /// One-time keys that senders may have of us.
    private var keyAllowances = KeyAllowances()

    /// By chat: how many more messages may be sent again now.
    private var allowances: [JID: (left: Double, at: Date)] = [:]

    /// The last messages to other devices of the account about themselves, which are kept nowhere else.
    private var peerMessages: [(id: String, content: WAMessage, at: Date)] = []

    static let peerLimit = 16
    /// A device that cannot read one asks within moments.
    static let peerAge: TimeInterval = 600
    static let limit = 512
    /// In a row, and in a second after that.
    static let resendBurst = 128.0
    static let resendRate = 8.0

    var count: Int { waiting.count }

    /// False where there are too many already.
    mutating func wait(_ name: String, _ question: Scheduled<Void>) -> Bool {
        guard waiting.count < Self.limit || waiting[name] != nil else { return false }
        waiting.updateValue(question, forKey: name)?.cancel()
        return true
    }

    mutating func arrived(_ envelope: MessageEnvelope) {
        guard !waiting.isEmpty else { return }
        waiting.removeValue(forKey: Self.name(envelope.device, envelope.id))?.cancel()
    }

    mutating func finished(_ name: String) {
        waiting[name] = nil
    }

    mutating func cancel(_ name: String) {
        waiting.removeValue(forKey: name)?.cancel()
    }

    mutating func cancel() {
        for question in waiting.values { question.cancel() }
        waiting = [:]
    }

    static func name(_ device: JID, _ id: String) -> String { "\(device)|\(id)" }

    mutating func keep(_ content: WAMessage, id: String, at now: Date) {
        peerMessages.removeAll { now.timeIntervalSince($0.at) > Self.peerAge }
        if peerMessages.count >= Self.peerLimit { peerMessages.removeFirst() }
        peerMessages.append((id, content, now))
    }

    func peerMessage(_ id: String) -> WAMessage? {
        peerMessages.last { $0.id == id }?.content
    }

    /// Lets go of what nobody asks for any more.
    mutating func cool(at now: Date) {
        guard peerMessages.contains(where: { now.timeIntervalSince($0.at) > Self.peerAge }) else { return }
        peerMessages.removeAll { now.timeIntervalSince($0.at) > Self.peerAge }
        if peerMessages.isEmpty { peerMessages = [] }
    }

    /// Whether a message may be sent again in a chat: a crowd that has lost its keys is served little by little.
    mutating func mayResend(in chat: JID, at now: Date) -> Bool {
        if allowances.count >= Self.limit { allowances = allowances.filter { now.timeIntervalSince($0.value.at) < 60 } }
        let known = allowances[chat] ?? (Self.resendBurst, now)
        let left = min(Self.resendBurst, known.left + max(0, now.timeIntervalSince(known.at)) * Self.resendRate)
        allowances[chat] = (max(0, left - 1), now)
        return left >= 1
    }

    /// Whether a sender may have a one-time key of ours, which counts as given; nil when it may.
    mutating func refusal(ofKeyFor sender: JID, at now: Date) -> KeyAllowances.Refusal? {
        keyAllowances.refusal(for: sender, at: now)
    }

    /// Remembers the base key at the second question; whether a later one still finds the same.
    mutating func isStuck(_ name: String, count: Int, baseKey: [UInt8]?) -> Bool {
        guard let baseKey else { return false }
        if count == 2 {
            if baseKeys.count >= Self.limit { baseKeys = [:] }
            baseKeys[name] = baseKey
            return false
        }
        return count > 2 && baseKeys[name] == baseKey
    }
}

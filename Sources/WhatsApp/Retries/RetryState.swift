internal import NIOCore
internal import WhatsAppWire

/// Messages that could not be read and have been asked for again.
struct RetryState {
    /// By sender device and id: the question to the own phone that follows when no answer comes.
    private var waiting: [String: Scheduled<Void>] = [:]
    /// By device and message: the base key of the session when the device asked for the second time.
    private var baseKeys: [String: [UInt8]] = [:]

    static let limit = 512

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

    mutating func cancel() {
        for question in waiting.values { question.cancel() }
        waiting = [:]
    }

    static func name(_ device: JID, _ id: String) -> String { "\(device)|\(id)" }

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

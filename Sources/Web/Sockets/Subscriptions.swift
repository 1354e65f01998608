internal import Synchronization

/// Tells one task, once, that it is no longer wanted.
final class StopSignal: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func send() {
        continuation.finish()
    }

    /// Returns after `send`, or when the task is cancelled.
    func wait() async {
        for await _ in stream {}
    }
}

/// The topics that one browser's socket follows at the moment.
final class Subscriptions: Sendable {
    private let active = Mutex<[String: StopSignal]>([:])
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a place for a topic; the signal that comes back is what `stop` will send.
    func begin(_ topic: String) throws(SocketError) -> StopSignal {
        let signal = StopSignal()
        let refusal: SocketError? = active.withLock { active in
            if active[topic] != nil { return .alreadySubscribed(topic) }
            if active.count >= limit { return .tooManySubscriptions(topic, limit: limit) }
            active[topic] = signal
            return nil
        }
        if let refusal { throw refusal }
        return signal
    }

    func stop(_ topic: String) throws(SocketError) {
        guard let signal = active.withLock({ $0.removeValue(forKey: topic) }) else { throw .notSubscribed(topic) }
        signal.send()
    }

    /// Gives the place back, unless the topic has been taken anew since.
    func end(_ topic: String, _ signal: StopSignal) {
        active.withLock { active in
            if active[topic] === signal { active[topic] = nil }
        }
    }
}

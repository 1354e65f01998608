internal import Accounts
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
    private struct Subscription {
        let signal: StopSignal
        var review: (@Sendable (Viewer?) async throws -> Void)?
    }

    private let active = Mutex<[String: Subscription]>([:])
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
            active[topic] = Subscription(signal: signal)
            return nil
        }
        if let refusal { throw refusal }
        return signal
    }

    /// Has a topic's rights looked at from now on.
    func watch(_ topic: String, _ signal: StopSignal, _ review: (@Sendable (Viewer?) async throws -> Void)?) {
        active.withLock { active in
            if active[topic]?.signal === signal { active[topic]?.review = review }
        }
    }

    /// The topics whose rights are looked at.
    var reviewed: [(topic: String, review: @Sendable (Viewer?) async throws -> Void)] {
        active.withLock { active in active.compactMap { topic, taken in taken.review.map { (topic, $0) } } }
    }

    func stop(_ topic: String) throws(SocketError) {
        guard let taken = active.withLock({ $0.removeValue(forKey: topic) }) else { throw .notSubscribed(topic) }
        taken.signal.send()
    }

    /// Gives the place back, unless the topic has been taken anew since.
    func end(_ topic: String, _ signal: StopSignal) {
        active.withLock { active in
            if active[topic]?.signal === signal { active[topic] = nil }
        }
    }
}

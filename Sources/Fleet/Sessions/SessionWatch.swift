import Synchronization

/// Those who watch sessions, and what they are told.
final class SessionWatch: Sendable {
    private struct State {
        var watchers: [SessionID: [UInt64: AsyncStream<SessionNotice>.Continuation]] = [:]
        var nextWatcher: UInt64 = 0
        var nextNotice: UInt64 = 1
    }

    private let state = Mutex(State())

    /// Everything from now on; a watcher that does not keep up loses the oldest.
    func watch(_ id: SessionID, first: [SessionNotice.Kind]) -> AsyncStream<SessionNotice> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: SessionNotice.self,
            bufferingPolicy: .bufferingNewest(512)
        )
        let watcher = state.withLock { state in
            defer { state.nextWatcher += 1 }
            for kind in first {
                continuation.yield(SessionNotice(id: state.nextNotice, kind: kind))
                state.nextNotice += 1
            }
            state.watchers[id, default: [:]][state.nextWatcher] = continuation
            return state.nextWatcher
        }
        continuation.onTermination = { [weak self] _ in self?.forget(watcher, of: id) }
        return stream
    }

    func tell(_ kind: SessionNotice.Kind, of id: SessionID) {
        state.withLock { state in
            guard let watchers = state.watchers[id] else { return }
            let notice = SessionNotice(id: state.nextNotice, kind: kind)
            state.nextNotice += 1
            for watcher in watchers.values { watcher.yield(notice) }
        }
    }

    /// The sessions that somebody watches.
    var watched: [SessionID] {
        state.withLock { Array($0.watchers.keys) }
    }

    /// Ends all streams of a session that is no more.
    func end(_ id: SessionID) {
        let watchers = state.withLock { $0.watchers.removeValue(forKey: id) } ?? [:]
        for watcher in watchers.values { watcher.finish() }
    }

    func endAll() {
        for id in watched { end(id) }
    }

    private func forget(_ watcher: UInt64, of id: SessionID) {
        state.withLock { state in
            state.watchers[id]?[watcher] = nil
            if state.watchers[id]?.isEmpty == true { state.watchers[id] = nil }
        }
    }
}

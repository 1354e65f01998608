import NIOCore
import Synchronization

/// Calls those who work through lanes, for the sessions of one event loop.
///
/// A commit has news for many sessions. Once all have taken theirs, the lanes are called one after the other: whoever works
/// through the first one meanwhile goes on with the next, and is not put to sleep and woken again for each.
final class LaneCaller: Sendable {
    typealias Call = AsyncStream<Void>.Continuation

    private let loop: any EventLoop
    private let calls = Mutex<[Call]>([])

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func call(_ call: Call) {
        let isFirst = calls.withLock { calls in
            calls.append(call)
            return calls.count == 1
        }
        guard isFirst else { return }
        loop.execute {
            let calls = self.calls.withLock { calls in
                defer { calls = [] }
                return calls
            }
            for call in calls { call.yield() }
        }
    }
}

internal import Synchronization

/// Tells at once, within this process, that an account's rights may have changed.
///
/// Whoever acts on rights for long, such as a browser's socket, looks again then; what another process changes is found by
/// looking now and then.
package final class AccessSignal: Sendable {
    private struct State {
        var watchers: [AccountID: [UInt64: AsyncStream<AccountID>.Continuation]] = [:]
        var all: [UInt64: AsyncStream<AccountID>.Continuation] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// To be called once the change is written.
    package func send(_ accounts: some Sequence<AccountID>) {
        state.withLock { state in
            for account in Set(accounts) {
                for watcher in state.watchers[account, default: [:]].values { watcher.yield(account) }
                for watcher in state.all.values { watcher.yield(account) }
            }
        }
    }

    package func send(_ account: AccountID) {
        send(CollectionOfOne(account))
    }

    /// Every change of one account from now on, or of all; a watcher that does not keep up misses the oldest.
    package func watch(_ account: AccountID? = nil) -> AsyncStream<AccountID> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: AccountID.self,
            bufferingPolicy: .bufferingNewest(account == nil ? 1_024 : 1)
        )
        let number = state.withLock { state in
            defer { state.next += 1 }
            if let account {
                state.watchers[account, default: [:]][state.next] = continuation
            } else {
                state.all[state.next] = continuation
            }
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in
                state.all[number] = nil
                guard let account else { return }
                state.watchers[account]?[number] = nil
                if state.watchers[account]?.isEmpty == true { state.watchers[account] = nil }
            }
        }
        return stream
    }
}

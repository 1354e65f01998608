internal import Foundation
internal import Logging
internal import NIOCore

extension Session {
    /// Makes a batch durable together with what is staged, in order, and waits for it.
    package func commit(_ batch: StoreBatch) async throws(RequestError) -> CommitReceipt {
        stage(batch)
        guard await durable() else { throw .store(.unavailable) }
        return CommitReceipt()
    }

    /// Adds to what the next commit writes.
    func stage(_ batch: StoreBatch) {
        if let credentials = batch.credentials { outbox.staged.credentials = credentials }
        outbox.staged.deletedPrefixes += batch.deletedPrefixes
        for prefix in batch.deletedPrefixes {
            outbox.staged.records = outbox.staged.records.filter {
                $0.key.kind != prefix.kind || !$0.key.name.hasPrefix(prefix.name)
            }
        }
        outbox.staged.records.merge(batch.records) { _, new in new }
        for message in batch.messages { stage(message, isNew: { _ in }, isDuplicate: { _ in }) }
        outbox.staged.contacts += batch.contacts
        outbox.staged.chats += batch.chats
        outbox.staged.statuses += batch.statuses
    }

    func stage(
        _ message: StoredMessage,
        isNew: @escaping CommitQueue.Follower,
        isDuplicate: @escaping CommitQueue.Follower
    ) {
        outbox.staged.messages.append(message)
        outbox.messageFollowers.append((isNew, isDuplicate))
    }

    /// Runs once everything staged so far is durable.
    func afterCommit(_ follower: @escaping CommitQueue.Follower) {
        outbox.followers.append(follower)
    }

    /// Waits until everything staged so far is durable; false where it could not be.
    func durable() async -> Bool {
        let number = outbox.number
        flush()
        guard !outbox.hasFailed else { return false }
        guard outbox.committed < number, outbox.number > number else { return true }
        return await withCheckedContinuation { continuation in
            outbox.waiters.append((number, continuation))
        }
    }

    /// Waits until nothing is being written.
    func settle() async {
        while outbox.underWay > 0, !outbox.hasFailed { _ = await durableUpTo(outbox.number &- 1) }
    }

    private func durableUpTo(_ number: UInt64) async -> Bool {
        guard !outbox.hasFailed, outbox.committed < number else { return !outbox.hasFailed }
        return await withCheckedContinuation { continuation in outbox.waiters.append((number, continuation)) }
    }

    /// Writes what is staged at the end of this turn of the event loop, unless something flushes before.
    func flushSoon() {
        guard !outbox.isFlushScheduled else { return }
        outbox.isFlushScheduled = true
        loop.execute { [weak self] in
            self?.assumeIsolated { session in
                session.outbox.isFlushScheduled = false
                session.flush()
            }
        }
    }

    /// Hands what is staged to the store.
    func flush() {
        guard !outbox.isEmpty || hot.hasChanges, !outbox.hasFailed else { return }
        hot.stage(into: &outbox.staged)
        let batch = outbox.staged
        let followers = outbox.followers
        let messageFollowers = outbox.messageFollowers
        let number = outbox.number
        outbox.staged = StoreBatch()
        outbox.followers = []
        outbox.messageFollowers = []
        outbox.number &+= 1
        outbox.underWay += 1
        guard !batch.isEmpty else {
            // Nothing to write, but what follows must not overtake what is being written.
            if outbox.underWay == 1 {
                committed(number, .success(CommitReceipt()), followers, messageFollowers)
                return
            }
            return write(batch, number, followers, messageFollowers)
        }
        write(batch, number, followers, messageFollowers)
    }

    private func write(
        _ batch: StoreBatch,
        _ number: UInt64,
        _ followers: [CommitQueue.Follower],
        _ messageFollowers: [(isNew: CommitQueue.Follower, isDuplicate: CommitQueue.Follower)]
    ) {
        let loop = loop
        store.commit(batch) { result in
            loop.execute {
                self.assumeIsolated { $0.committed(number, result, followers, messageFollowers) }
            }
        }
    }

    private func committed(
        _ number: UInt64,
        _ result: Result<CommitReceipt, StoreError>,
        _ followers: [CommitQueue.Follower],
        _ messageFollowers: [(isNew: CommitQueue.Follower, isDuplicate: CommitQueue.Follower)]
    ) {
        outbox.underWay -= 1
        switch result {
        case .success(let receipt):
            guard !outbox.hasFailed else { return }
            outbox.committed = max(outbox.committed, number)
            for (index, follower) in messageFollowers.enumerated() {
                if receipt.duplicates.contains(index) { follower.isDuplicate(self) } else { follower.isNew(self) }
            }
            for follower in followers { follower(self) }
            hot.evict(committed: outbox.committed)
            sendReceipts()
        case .failure(let error):
            guard !outbox.hasFailed else { return }
            // Memory is ahead of what is durable: nothing of it may go out. A new run starts from the store.
            outbox.hasFailed = true
            logger.error("A session's state cannot be stored", metadata: ["error": "\(error)"])
            stop(.storeFailed)
        }
        wake()
    }

    private func wake() {
        let isOver = outbox.hasFailed
        let committed = outbox.committed
        let ready = outbox.waiters.filter { isOver || $0.number <= committed }
        outbox.waiters.removeAll { isOver || $0.number <= committed }
        for waiter in ready { waiter.continuation.resume(returning: !isOver) }
        guard isOver || outbox.underWay < environment.limits.commits else { return }
        let slots = outbox.slotWaiters
        outbox.slotWaiters = []
        for slot in slots { slot.resume() }
    }

    /// Waits until another commit may be started.
    func commitSlot() async {
        while outbox.underWay >= environment.limits.commits, !outbox.hasFailed {
            await withCheckedContinuation { outbox.slotWaiters.append($0) }
        }
    }
}

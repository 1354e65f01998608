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
        outbox.staged.deletedEndings += batch.deletedEndings
        if !batch.deletedPrefixes.isEmpty || !batch.deletedEndings.isEmpty {
            outbox.staged.records = outbox.staged.records.filter { !batch.deletes($0.key) }
        }
        outbox.staged.records.merge(batch.records) { _, new in new }
        switch batch.records[RecordKey(.setting, StoreBatch.contactTokenSaltName)] {
        case .put(let salt, _): contactTokenSalt = salt
        case .delete: contactTokenSalt = []
        case nil: break
        }
        for message in batch.messages { stage(message, isNew: { _ in }, isDuplicate: { _ in }) }
        outbox.staged.contacts += batch.contacts
        outbox.staged.chats += batch.chats
        outbox.staged.statuses += batch.statuses
        outbox.staged.marks += batch.marks
        outbox.staged.removals += batch.removals
    }

    func stage(
        _ message: StoredMessage,
        isNew: @escaping CommitQueue.Follower,
        isDuplicate: @escaping CommitQueue.Follower
    ) {
        outbox.steps.append(
            .message(outbox.staged.messages.count, isNew: isNew, isDuplicate: isDuplicate)
        )
        outbox.staged.messages.append(message)
        outbox.stagedBytes += message.content.count
    }

    /// Runs once everything staged so far is durable.
    func afterCommit(_ follower: @escaping CommitQueue.Follower) {
        outbox.steps.append(.always(follower))
    }

    /// Waits until everything staged so far is durable; false where it could not be.
    func durable() async -> Bool {
        let number = outbox.number
        flush()
        guard !outbox.hasFailed else { return false }
        guard outbox.committed < number, outbox.number > number else { return true }
        return await durability(of: number)
    }

    /// Waits until nothing is being written.
    func settle() async {
        while outbox.underWay > 0, !outbox.hasFailed { _ = await durableUpTo(outbox.number &- 1) }
    }

    private func durableUpTo(_ number: UInt64) async -> Bool {
        guard !outbox.hasFailed, outbox.committed < number else { return !outbox.hasFailed }
        return await durability(of: number)
    }

    private func durability(of number: UInt64) async -> Bool {
        let continuation = LoopContinuation<Bool>(executor)
        outbox.waiters.append((number, continuation))
        return await continuation.value()
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

    /// How long what nobody waits for may wait for a commit that is made anyway, and how much longer, so that sessions of
    /// one event loop write at the same time: one wake-up and one transaction for many.
    private static var flushPatience: TimeAmount { .milliseconds(500) }
    private static var flushInterval: UInt64 { 100_000_000 }

    /// Writes what is staged a little later, unless something flushes before.
    ///
    /// For what may be lost in a crash; a stop writes it.
    func flushLater() {
        guard !outbox.isLateFlushScheduled else { return }
        outbox.isLateFlushScheduled = true
        let earliest = (loop.now + Self.flushPatience).uptimeNanoseconds
        let deadline = (earliest / Self.flushInterval + 1) * Self.flushInterval
        loop.scheduleTask(deadline: .uptimeNanoseconds(deadline)) { [weak self] in
            self?.assumeIsolated { session in
                session.outbox.isLateFlushScheduled = false
                session.flush()
            }
        }
    }

    /// Hands what is staged to the store.
    func flush() {
        guard !outbox.isEmpty || hot.hasChanges, !outbox.hasFailed else { return }
        hot.stage(into: &outbox.staged)
        stageEvents()
        let batch = outbox.staged
        let steps = outbox.steps
        let number = outbox.number
        let bytes = outbox.stagedBytes
        outbox.staged = StoreBatch()
        outbox.stagedBytes = 0
        outbox.steps = []
        outbox.number &+= 1
        outbox.underWay += 1
        outbox.underWayBytes += bytes
        // Where there is nothing to write, what follows must not overtake what is being written.
        guard !batch.isEmpty || outbox.underWay > 1 else {
            return committed(number, .success(CommitReceipt()), steps, bytes)
        }
        let loop = loop
        store.commit(batch) { result in
            loop.execute {
                self.assumeIsolated { $0.committed(number, result, steps, bytes) }
            }
        }
    }

    private func committed(
        _ number: UInt64,
        _ result: Result<CommitReceipt, StoreError>,
        _ steps: [CommitQueue.Step],
        _ bytes: Int
    ) {
        outbox.underWay -= 1
        outbox.underWayBytes -= bytes
        switch result {
        case .success(let receipt):
            guard !outbox.hasFailed else { return }
            outbox.committed = max(outbox.committed, number)
            for step in steps {
                switch step {
                case .always(let follower): follower(self)
                case .message(let position, let isNew, let isDuplicate):
                    if receipt.duplicates.contains(position) { isDuplicate(self) } else { isNew(self) }
                }
            }
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
        guard isOver || outbox.hasSlot(environment.limits) else { return }
        let slots = outbox.slotWaiters
        outbox.slotWaiters = []
        for slot in slots { slot.resume() }
    }

    /// Waits until another commit may be started: until enough of the own ones are durable, and the store has room for more.
    func commitSlot() async {
        while !outbox.hasFailed {
            if !outbox.hasSlot(environment.limits) {
                let continuation = LoopContinuation<Void>(executor)
                outbox.slotWaiters.append(continuation)
                await continuation.value()
            } else if !store.hasRoom {
                await store.waitForRoom()
            } else {
                return
            }
        }
    }
}

internal import Foundation
internal import Logging
internal import NIOCore
internal import WhatsAppWire

extension Session {
    /// Takes a stanza from the socket.
    func receive(_ node: BinaryNode) {
        switch node.tag {
        case "presence": handlePresence(node)
        case "chatstate": handleTyping(node)
        case "ack": handleAcknowledgement(node)
        case "notification": enqueue(node, in: .notifications)
        // What may have to ask the service must not hold messages up.
        case "receipt" where node.attributes.text("type") == "retry": enqueueRetry(node)
        case "message", "receipt", "call", "ib": enqueue(node, in: .inbox)
        default: break
        }
    }

    /// Asks for the next two hundred stanzas of the backlog.
    private func askForBacklog() {
        guard !connection.isBacklogThrough else { return }
        try? sendStanza(BinaryNode("ib", children: [BinaryNode("offline_batch", ["count": "200"])]))
    }

    /// The first stanza of a batch is followed by the question for the next one, until the service says that it is over.
    private func continueBacklog() {
        guard !connection.isBacklogThrough, connection.backlogQuestion == nil else { return }
        let number = connection.number
        connection.backlogQuestion = loop.scheduleTask(in: .milliseconds(100)) { [weak self] in
            guard let self else { return }
            self.assumeIsolated { session in
                guard session.connection.number == number else { return }
                session.connection.backlogQuestion = nil
                session.askForBacklog()
            }
        }
    }

    /// What came with the backlog is told before its end is.
    func backlogIsThrough() {
        let number = connection.number
        connection.backlogQuestion?.cancel()
        connection.backlogQuestion = nil
        afterCommit { session in
            guard session.connection.number == number, session.connection.isLoggedIn else { return }
            session.connection.isBacklogThrough = true
            session.checkCaughtUp()
        }
    }

    /// Others that ask for messages again, a bounded number at a time; whoever is turned away asks once more.
    private func enqueueRetry(_ node: BinaryNode) {
        let limits = environment.limits
        guard inboxes.retries.count < max(limits.inbox / 8, 4),
            inboxes.retries.bytes < max(limits.inboxBytes / 8, 4_096)
        else {
            acknowledge(node)
            return flushSoon()
        }
        enqueue(node, in: .retries)
    }

    private func enqueue(_ node: BinaryNode, in box: SessionInboxes.Name) {
        guard !inboxes.isClosed else { return }
        inboxes[box].append(node)
        if node.tag != "ib", node.attributes["offline"] != nil { continueBacklog() }
        regulateReading()
        guard !inboxes[box].isWorking else { return }
        inboxes[box].isWorking = true
        // One worker at a time for as long as there is something to do; an idle session has none.
        Task { await self.work(through: box) }
    }

    private func work(through box: SessionInboxes.Name) async {
        while !connection.isOver, !inboxes.isClosed, let node = inboxes[box].popFirst() {
            await commitSlot()
            guard !connection.isOver else { break }
            await handle(node)
            if isBatchFull { flush() }
            regulateReading()
        }
        inboxes[box].isWorking = false
        flush()
    }

    /// Reads the socket no further while much waits to be worked on, and again when most of it is done.
    ///
    /// What waits for answers of the service is not counted: they come through the same socket.
    private func regulateReading() {
        let limits = environment.limits
        if inboxes.count >= limits.inbox || inboxes.bytes >= limits.inboxBytes {
            connection.handler?.value.setReading(false)
        } else if inboxes.count <= limits.inbox / 4, inboxes.bytes <= limits.inboxBytes / 4 {
            connection.handler?.value.setReading(true)
        }
    }

    /// Whether what is staged is enough for a commit, by number or by size.
    private var isBatchFull: Bool {
        let limits = environment.limits
        return outbox.staged.messages.count >= limits.batch || outbox.stagedBytes >= limits.batchBytes
            || outbox.steps.count >= 4 * limits.batch || hot.changeCount >= 4 * limits.batch
    }

    private func handle(_ node: BinaryNode) async {
        switch node.tag {
        case "message": await handleMessage(node)
        case "receipt":
            await handleReceipt(node)
            acknowledge(node)
        case "notification":
            await handleNotification(node)
            acknowledge(node)
        case "call": await handleCall(node)
        case "ib": await handleBulletin(node)
        default: break
        }
    }

    /// `<ib><offline count/></ib>`, `<ib><dirty type timestamp/></ib>` and the like.
    private func handleBulletin(_ node: BinaryNode) async {
        if node.child("offline") != nil {
            // What came with the backlog is told first.
            backlogIsThrough()
        } else if let preview = node.child("offline_preview") {
            if preview.attributes.integer("count", as: UInt32.self) ?? 0 > 0 { askForBacklog() }
        } else if let dirty = node.child("dirty") {
            await handleDirty(dirty)
        }
    }
}

internal import Foundation
internal import Logging
internal import NIOCore
internal import SwiftProtobuf
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// How long a session must have been quiet before what was heard is written down on its own.
    private static var settlingTime: TimeAmount { .seconds(3) }
    /// How long a stop waits for listeners.
    private static var hearingPatience: Duration { .seconds(3) }
    /// Events that wait until messages can be sent; beyond it they are told at once.
    private static let heldLimit = 2048

    // MARK: Telling

    /// Tells an event once everything staged is durable, and again after a restart that came before it was heard.
    func tell(_ event: SessionEvent, _ record: EventRecord) {
        tell([event], record)
    }

    /// Tells what a stanza says, in the same way.
    func tell(_ node: BinaryNode, own: Credentials.LinkedAccount) {
        let events = SessionEvent.events(of: node, own: own)
        guard !events.isEmpty else { return }
        let bytes = try? StanzaCodec.encode(node)
        tell(events, bytes.map { .stanza($0) })
    }

    /// Tells of receipts, which come with every message and are kept in less than their stanza.
    func tell(_ receipts: [MessageReceipt]) {
        guard !receipts.isEmpty else { return }
        tell(receipts.map { .receipt($0) }, .receipts(receipts))
    }

    func tell(_ events: [SessionEvent], _ record: EventRecord?) {
        let numbers = number(events.count, record)
        afterCommit { session in
            for (number, event) in zip(numbers, events) { session.hand(event, EventNumber(rawValue: number)) }
        }
    }

    /// Stages a message that listeners are told of when it is new.
    func stage(
        _ stored: StoredMessage,
        telling received: ReceivedMessage,
        isNew: @escaping CommitQueue.Follower = { _ in },
        isDuplicate: @escaping CommitQueue.Follower = { _ in }
    ) {
        let part = EventRecord.MessagePart(
            chat: stored.chat,
            sender: stored.sender,
            id: stored.id,
            device: received.device,
            senderAlternate: received.senderAlternate?.description,
            isOffline: received.isOffline,
            edit: received.edit,
            serverID: received.serverID
        )
        let number = EventNumber(rawValue: number(1, .message(part)).lowerBound)
        stage(
            stored,
            isNew: { session in
                isNew(session)
                session.hand(.message(received), number)
            },
            isDuplicate: { session in
                session.marks.heard(number.rawValue)
                isDuplicate(session)
            }
        )
    }

    private func number(_ count: Int, _ record: EventRecord?) -> ClosedRange<UInt64> {
        let numbers = telling.journal.number(count)
        for number in numbers { marks.expect(number) }
        if let record, record.size <= EventRecord.sizeLimit, count <= EventJournal.entryLimit {
            telling.journal.stage(record, numbers)
        }
        return numbers
    }

    /// Hands over what is durable, or keeps it until messages can be sent: somebody may want to answer.
    private func hand(_ event: SessionEvent, _ number: EventNumber) {
        guard telling.isTelling else {
            telling.held.append((event, number))
            if telling.held.count >= Self.heldLimit { beginTelling() }
            return
        }
        if listener(event, number) == .heard { marks.heard(number.rawValue) }
    }

    /// From now on events are told as they come; those that have waited go first.
    func beginTelling() {
        guard !telling.isTelling else { return }
        telling.isTelling = true
        let waiting = telling.held
        telling.held = []
        for (event, number) in waiting { hand(event, number) }
        if !waiting.isEmpty { settleEventsLater() }
    }

    /// A listener is through with an event that it had not heard out at once; from any thread.
    package nonisolated func heard(_ number: EventNumber) {
        marks.heard(number.rawValue)
    }

    // MARK: The store

    /// Puts what is to be told into the batch that is about to be written.
    func stageEvents() {
        guard telling.journal.hasStaged else { return }
        let lost = telling.journal.lost
        telling.journal.write(to: &outbox.staged, mark: marks.mark)
        if lost == 0, telling.journal.lost > 0 {
            note(.warning, "Listeners are far behind; what they have not heard is not told again after a restart.")
        }
        settleEventsLater()
    }

    /// Writes down what has been heard once the session has gone quiet; until then each batch does.
    private func settleEventsLater() {
        telling.stagedAt = .now()
        guard telling.settling == nil, !connection.isOver else { return }
        scheduleSettling()
    }

    private func scheduleSettling() {
        telling.settling = loop.scheduleTask(in: Self.settlingTime) { [weak self] in
            guard let self else { return }
            self.assumeIsolated { session in
                session.telling.settling = nil
                guard !session.connection.isOver else { return }
                if .now() - session.telling.stagedAt < Self.settlingTime { return session.scheduleSettling() }
                session.settleEvents()
                if !session.marks.isAllHeard { session.scheduleSettling() }
            }
        }
    }

    /// Writes down what has been heard.
    func settleEvents() {
        guard !outbox.hasFailed, !telling.journal.hasStaged, marks.mark > telling.journal.writtenMark else { return }
        telling.journal.settle(to: &outbox.staged, mark: marks.mark)
        flushSoon()
    }

    /// Waits a while for those who are at an event.
    func hearOut() async {
        let deadline = ContinuousClock.now + Self.hearingPatience
        while telling.isTelling, !marks.isAllHeard, !outbox.hasFailed, .now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        settleEvents()
    }

    // MARK: After a restart

    /// Takes up what listeners of an earlier run have not heard.
    func recallEvents() async throws(StoreError) {
        let rows = try await store.untoldEvents()
        let floor = UInt64(max(0, now.timeIntervalSince1970 * 1_000_000))
        let left = telling.journal.load(rows, floor: floor)
        marks.begin(at: telling.journal.writtenMark)
        guard !left.isEmpty else { return }
        for entry in left {
            for number in entry.number..<(entry.number + entry.count) where number > telling.journal.writtenMark {
                marks.expect(number)
            }
        }
        for entry in left {
            let events = try await events(of: entry.record)
            for offset in 0..<entry.count {
                let number = entry.number + offset
                guard number > telling.journal.writtenMark else { continue }
                if let event = events.indices.contains(Int(offset)) ? events[Int(offset)] : nil {
                    telling.held.append((event, EventNumber(rawValue: number)))
                } else {
                    marks.heard(number)
                }
            }
        }
        note(.info, "What was not heard before the last stop is told again.")
    }

    /// The events that a record stands for, in the order of their numbers.
    func events(of record: EventRecord) async throws(StoreError) -> [SessionEvent] {
        switch record {
        case .message(let part):
            let stored: StoredMessage?
            do {
                stored = try await store.message(chat: part.chat, id: part.id, sender: part.sender)
            } catch .corrupt {
                return []
            }
            return stored.flatMap { ReceivedMessage($0, part) }.map { [.message($0)] } ?? []
        case .stanza(let bytes):
            guard let own = credentials.account, let node = try? StanzaCodec.decode(bytes) else { return [] }
            return SessionEvent.events(of: node, own: own)
        case .unreadable(let message): return [.unreadable(message)]
        case .identityChanged(let jid): return [.identityChanged(jid)]
        case .restriction:
            guard let stored = try await read(.setting, "restrictions") else { return [] }
            return SessionRestrictions(encoded: stored).map { [.restriction($0)] } ?? []
        case .appState(let part):
            let changes = part.mutations.map {
                AppStateChange($0, in: part.collection, isInitial: part.isInitial)
            }
            return [.appState(changes)]
        case .receipts(let receipts): return receipts.map { .receipt($0) }
        }
    }
}

extension EventRecord {
    /// About how many bytes it takes.
    fileprivate var size: Int {
        switch self {
        case .stanza(let bytes): return bytes.count
        case .appState:
            var writer = RecordWriter()
            encode(to: &writer)
            return writer.bytes.count
        case .receipts(let receipts):
            return receipts.reduce(0) { $0 + $1.ids.reduce(160) { $0 + $1.utf8.count + 2 } }
        case .message, .unreadable, .identityChanged, .restriction: return 512
        }
    }
}

extension ReceivedMessage {
    /// A message as it was told, from what is kept of it.
    fileprivate init?(_ stored: StoredMessage, _ part: EventRecord.MessagePart) {
        guard let chat = JID(stored.chat), let sender = JID(stored.sender),
            var message = try? WAMessage(serializedBytes: stored.content)
        else { return nil }
        if chat.server != .user, chat.server != .lid { message.clearSenderKeyDistributionMessage() }
        self.init(
            id: stored.id,
            chat: chat,
            sender: sender,
            device: part.device,
            senderAlternate: part.senderAlternate.flatMap { JID($0) },
            isFromMe: stored.isFromMe,
            timestamp: stored.timestamp,
            pushName: stored.pushName,
            isOffline: part.isOffline,
            edit: part.edit,
            serverID: part.serverID,
            message: message
        )
    }
}

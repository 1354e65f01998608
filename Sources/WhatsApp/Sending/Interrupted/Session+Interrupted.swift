internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// A message that was on its way when an earlier run ended, with its place before everything new.
struct InterruptedSend {
    var place: SendingLines.Place
    var chat: JID
    var message: StoredMessage
    /// Is being sent; otherwise it waits for the next login.
    var isUnderWay = false
}

extension Session {
    /// The setting that says from when on messages may be on their way.
    static let sendingSetting = "sending_since"
    /// Longer no send takes, its repeats included.
    private static let longestSend: TimeInterval = 300

    // MARK: While messages are sent

    /// Writes down, with a message and not often, from when on a start has to look for what was on its way.
    func markSending(at time: Date) {
        if let marked = sending.markedAt, time.timeIntervalSince(marked) < Self.longestSend { return }
        sending.markedAt = time
        var since = time.addingTimeInterval(-Self.longestSend)
        if let oldest = sending.interrupted.map(\.message.timestamp).min() { since = min(since, oldest) }
        outbox.staged.put(.setting, Self.sendingSetting, Array(String(Int(since.timeIntervalSince1970)).utf8))
    }

    /// Waits until those who were sending know that the run is over, and nothing of it is in doubt.
    func endSends() async {
        let deadline = ContinuousClock.now + .seconds(2)
        while sending.inFlight > 0, !outbox.hasFailed, .now < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
        guard sending.inFlight == 0, sending.interrupted.isEmpty, sending.markedAt != nil else { return }
        outbox.staged.delete(.setting, Self.sendingSetting)
    }

    // MARK: After a restart

    /// Takes up what was on its way when the run before ended, before anybody can send anything new.
    ///
    /// What is young enough is sent again under its id with the first login: receivers drop what they have. The rest has
    /// failed.
    func recallSends(_ mark: [UInt8]) async throws(StoreError) {
        guard let seconds = TimeInterval(String(decoding: mark.prefix(20), as: UTF8.self)) else { return }
        let limit = now.addingTimeInterval(-environment.limits.resendAge)
        var givenUp: [StoredMessage] = []
        for message in try await store.pendingMessages(since: Date(timeIntervalSince1970: seconds)) {
            if let chat = JID(message.chat), mayGoAgain(message, chat, limit) {
                sending.interrupted.append(
                    InterruptedSend(place: takePlaceAnyway(in: chat), chat: chat, message: message)
                )
            } else {
                givenUp.append(message)
            }
        }
        giveUp(givenUp)
        if sending.interrupted.isEmpty {
            outbox.staged.delete(.setting, Self.sendingSetting)
            flushSoon()
        }
    }

    /// Channels have nobody who drops a repeat, and another account's messages are not this one's to send.
    private func mayGoAgain(_ message: StoredMessage, _ chat: JID, _ limit: Date) -> Bool {
        guard let own = credentials.account, let sender = JID(message.sender), chat.server != .newsletter else {
            return false
        }
        return message.timestamp >= limit && MessageEnvelope.isOwn(sender, own)
    }

    /// Marks messages as failed, and tells of them: whoever has sent them is gone.
    private func giveUp(_ messages: [StoredMessage]) {
        guard !messages.isEmpty, let own = credentials.account else { return }
        for message in messages {
            outbox.staged.statuses.append(
                MessageStatusChange(
                    chat: message.chat,
                    id: message.id,
                    status: .failed,
                    error: MessageFailure.interruptedCode
                )
            )
        }
        for (chat, messages) in Dictionary(grouping: messages, by: \.chat) {
            guard let chat = JID(chat) else { continue }
            let receipt = MessageReceipt(
                chat: chat,
                ids: messages.map(\.id),
                by: own.jid.withoutDevice,
                status: .failed,
                timestamp: now,
                isOwnDevice: true
            )
            tell([receipt])
        }
        flushSoon()
        note(.warning, "\(messages.count) messages that were on their way at the last stop are not sent again.")
    }

    /// With a login: sends what was on its way, in its order.
    func sendInterrupted() {
        let waiting = sending.interrupted.filter { !$0.isUnderWay }
        guard !waiting.isEmpty else { return }
        note(.info, "\(waiting.count) messages that were on their way at the last stop are sent again.")
        for index in sending.interrupted.indices { sending.interrupted[index].isUnderWay = true }
        for item in waiting {
            // Each waits for its turn among the others of its chat; the login must not wait for them.
            Task { await self.sendAgain(item) }
        }
    }

    private func sendAgain(_ item: InterruptedSend) async {
        let (stored, chat) = (item.message, item.chat)
        do throws(SendError) {
            guard let message = try? WAMessage(serializedBytes: stored.content) else {
                leave(item.place)
                throw .invalid(field: "message", reason: "It cannot be read any more.")
            }
            let sent = try await send(message, to: chat, id: stored.id, from: item.place)
            // The chat may be addressed in another way by now.
            if sent.chat.description != stored.chat { stage(stored, .sent, error: nil) }
        } catch {
            guard !connection.isOver else { return }
            if case .notConnected = error { return sendLater(item) }
            if case .request(.notConnected) = error { return sendLater(item) }
            let code: Int? = if case .refused(let code) = error { code } else { nil }
            let isUnconfirmed = error == .timedOut
            stage(stored, .failed, error: isUnconfirmed ? nil : code ?? MessageFailure.interruptedCode)
        }
        sending.interrupted.removeAll { $0.place == item.place }
        flushLater()
    }

    /// The connection went in between: with the next one.
    private func sendLater(_ item: InterruptedSend) {
        guard let index = sending.interrupted.firstIndex(where: { $0.place == item.place }) else { return }
        sending.interrupted[index].place = takePlaceAnyway(in: item.chat)
        sending.interrupted[index].isUnderWay = false
        if connection.isActive { sendInterrupted() }
    }

    private func stage(_ stored: StoredMessage, _ status: MessageStatus, error: Int?) {
        outbox.staged.statuses.append(
            MessageStatusChange(chat: stored.chat, id: stored.id, status: status, error: error)
        )
    }
}

internal import Foundation
internal import SignalProtocol
internal import WhatsAppCrypto
package import WhatsAppProtobufs
package import WhatsAppWire

extension Session {
    /// Sends a message and waits until the service has it.
    ///
    /// Messages to one chat go out in the order of the calls, by whichever name a person is called. Ratchets and message are
    /// durable before anything leaves.
    package func send(
        _ message: WAMessage,
        to chat: JID,
        id: String? = nil
    ) async throws(SendError) -> SentMessage {
        // Before anything is waited for: the order of the calls is the order of the messages.
        try await send(message, to: chat, id: id, from: try takePlace(in: chat))
    }

    /// The same from a place that has been taken, which is left in any case.
    func send(
        _ message: WAMessage,
        to chat: JID,
        id: String?,
        from place: SendingLines.Place
    ) async throws(SendError) -> SentMessage {
        let messageID: String
        let prepared: PreparedMessage
        sending.inFlight += 1
        defer { sending.inFlight -= 1 }
        do throws(SendError) {
            guard await isReadyToSend(), let own = credentials.account else { throw .notConnected }
            messageID = id ?? MessageID.make(own: own.jid, now: now, using: &random)
            try await turn(of: place, in: chat)
            await commitSlot()
            prepared = try await prepare(message, to: chat, id: messageID, own)
            guard await durable() else { throw .store(.unavailable) }
            // One that the service could not take just now goes first.
            await wait(for: place, isNew: false)
        } catch {
            leave(place)
            throw error
        }
        let id = messageID
        deliver(prepared.stanza, id: id)
        leave(place)
        return try await settle(await acknowledgement(of: id), prepared, message, id: id, chat: chat, place)
    }

    /// Refusals that are over in a moment.
    private static let passingErrors: Set<Int> = [408, 429, 500, 503]

    private func prepare(
        _ message: WAMessage,
        to chat: JID,
        id: String,
        _ own: Credentials.LinkedAccount
    ) async throws(SendError) -> PreparedMessage {
        switch chat.server {
        case .group: return try await prepareForGroup(message, group: chat, id: id, own, mode: nil)
        case .broadcast: return try await prepareStatus(message, to: chat, id: id, own)
        case .newsletter: return try await prepareForChannel(message, channel: chat, id: id)
        default: return try await prepareForPerson(message, chat: chat, id: id, own)
        }
    }

    /// Refuses what no frame could carry, before any ratchet takes a step for it.
    func checkSize(_ encoded: [UInt8], copies: Int = 1) throws(SendError) {
        // Around each ciphertext stand padding, keys and addresses; the rest of the stanza takes its part.
        guard (encoded.count + 512) * copies <= Frame.maximumLength - 65_536 else {
            throw .invalid(field: "message", reason: .tooLarge(devices: copies))
        }
    }

    /// What the service's word means for the message.
    private func settle(
        _ first: Acknowledgement?,
        _ prepared: PreparedMessage,
        _ message: WAMessage,
        id: String,
        chat: JID,
        _ place: SendingLines.Place
    ) async throws(SendError) -> SentMessage {
        var answer = first
        var prepared = prepared
        for _ in 1..<3 {
            guard let given = answer else { break }
            let isTaken = given.error == nil
            guard let error = given.error ?? (isOtherwiseAddressed(given, prepared) ? 421 : nil) else { break }
            // Until it is known what becomes of the repeat, nothing of the chat overtakes it.
            let isHeld = Self.passingErrors.contains(error)
            if isHeld { retake(place, in: chat) }
            defer { if isHeld { leave(place) } }
            if isTaken { await confirm(prepared.handout) } else if error == 421 { withdraw(prepared.handout) }
            let again: PreparedMessage?
            do throws(SendError) {
                again = try await remedy(error, prepared, message, id: id, chat: chat, given)
            } catch {
                guard isTaken else { throw error }
                break
            }
            guard let again else { break }
            prepared = again
            deliver(prepared.stanza, id: id)
            // What has been taken once has been sent, whatever becomes of the repeat.
            answer = await acknowledgement(of: id) ?? (isTaken ? given : nil)
            if isTaken, answer?.error != nil { answer = given }
        }
        guard let answer else {
            withdraw(prepared.handout)
            mark(prepared, id, .failed, error: nil)
            throw connection.isOver ? .notConnected : .timedOut
        }
        if let error = answer.error {
            withdraw(prepared.handout)
            mark(prepared, id, .failed, error: error)
            await refused(error, prepared)
            throw .refused(code: error)
        }
        await confirm(prepared.handout)
        mark(prepared, id, .sent, error: nil)
        if let hash = answer.deviceHash, let sent = prepared.hash, hash != sent,
            sending.isNews(hash, of: prepared.chat)
        {
            forgetDevicesAndMembers(of: prepared)
        }
        if prepared.chat.isPerson { issueTokenSoon(to: prepared.chat) }
        return SentMessage(id: id, chat: prepared.chat, timestamp: answer.timestamp ?? now, message: message)
    }

    /// Whether the service has taken a group's message and says that the group is addressed in another way now.
    private func isOtherwiseAddressed(_ answer: Acknowledgement, _ prepared: PreparedMessage) -> Bool {
        guard prepared.chat.server == .group, let mode = answer.addressingMode, ["lid", "pn"].contains(mode) else {
            return false
        }
        return prepared.stanza.attributes.text("addressing_mode") != mode
    }

    /// What can be done about a refusal, once: nil where nothing can.
    private func remedy(
        _ error: Int,
        _ prepared: PreparedMessage,
        _ message: WAMessage,
        id: String,
        chat: JID,
        _ answer: Acknowledgement?
    ) async throws(SendError) -> PreparedMessage? {
        switch error {
        case 421 where chat.server == .group:
            await dropGroup(chat)
            guard let own = credentials.account else { return nil }
            let place = try takePlace(in: chat)
            defer { leave(place) }
            try await turn(of: place, in: chat)
            let again = try await prepareForGroup(
                message,
                group: chat,
                id: id,
                own,
                mode: answer?.addressingMode,
                isRepeat: true
            )
            guard await durable() else { throw .store(.unavailable) }
            return again
        case _ where Self.passingErrors.contains(error):
            try? await Task.sleep(for: .milliseconds(750))
            return prepared
        default: return nil
        }
    }

    private func mark(_ prepared: PreparedMessage, _ id: String, _ status: MessageStatus, error: Int?) {
        outbox.staged.statuses.append(
            MessageStatusChange(chat: prepared.chat.description, id: id, status: status, error: error)
        )
        // Whoever sent it knows already; mostly a receipt follows, and both are written as one.
        if connection.isOver { flush() } else { flushLater() }
    }

    /// Whom it was encrypted for may have other devices by now, and a group other members: the next send asks.
    func forgetDevicesAndMembers(of prepared: PreparedMessage) {
        for user in Set(prepared.devices.map(\.withoutDevice)) { forgetDevices(of: user) }
        if prepared.chat.server == .group {
            let group = prepared.chat
            // The send is over; its caller need not wait for the store.
            Task { await self.dropGroup(group) }
        }
    }

    /// Keeps what is sent, also for those who ask for it again, and for its secret.
    func stageSent(_ message: WAMessage, _ encoded: [UInt8], id: String, chat: JID, sender: JID) {
        let time = now
        markSending(at: time)
        let content = message.unwrapped().message
        let field = content.contentField
        let end = end(of: content, field, chat: chat, at: time)
        let stored = StoredMessage(
            chat: chat.description,
            sender: sender.description,
            id: id,
            isFromMe: true,
            timestamp: time,
            kind: MessageKind(of: content, field).rawValue,
            content: encoded,
            status: .pending,
            expiresAt: end.date
        )
        keepTimer(message, chat: chat, at: time)
        if field == .keep { keep(content.keepInChatMessage, chat: chat) }
        stage(stored, isNew: { if end.isOpen { $0.findEnd(of: stored, chat: chat) } }, isDuplicate: { _ in })
    }
}

/// A message encrypted and staged, ready to leave once it is durable.
struct PreparedMessage {
    var stanza: BinaryNode
    /// As addressed on the wire.
    var chat: JID
    /// Whom it was encrypted for.
    var devices: [JID]
    /// As it went out with the message: to a group.
    var deviceHash: String?
    /// What the service's answer may have a hash of, where none went out: to a person.
    var hashedDevices: [JID] = []
    /// Who gets the own sender key with it.
    var handout: SenderKeyHandout?

    /// Made for a person only when there is something to compare it with.
    var hash: String? { deviceHash ?? (hashedDevices.isEmpty ? nil : DeviceHash.phash(of: hashedDevices)) }
}

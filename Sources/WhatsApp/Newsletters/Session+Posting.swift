internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
package import WhatsAppWire

/// A post that the service has taken.
package struct SentPost: Sendable, Equatable {
    package var id: String
    /// The channel's own number of it, where the service told.
    package var serverID: Int?
}

extension Session {
    /// Posts to a channel that the account may write in; edits and revokes of posts too.
    ///
    /// `handle` is the upload's (`UploadedMedia/handle`) where the post has a medium.
    package func post(
        _ outgoing: OutgoingMessage,
        to channel: JID,
        handle: String? = nil
    ) async throws(SendError) -> SentPost {
        guard await isReadyToSend(), let own = credentials.account else { throw .notConnected }
        let builder = MessageBuilder(chat: channel, own: own.jid, now: now)
        let message: WAMessage
        let stanza: BinaryNode
        do {
            try check(channel)
            message = try builder.build(outgoing, using: &random)
            let id = MessageID.make(own: own.jid, now: now, using: &random)
            stanza = try NewsletterRequests.post(message, to: channel, id: id, handle: handle)
        } catch {
            throw SendError(error)
        }
        guard let id = stanza.attributes.text("id") else { throw .notConnected }
        if !message.hasProtocolMessage, let encoded: [UInt8] = try? message.serializedBytes() {
            stageSent(message, encoded, id: id, chat: channel, sender: channel)
            guard await durable() else { throw .store(.unavailable) }
        }
        do throws(SendError) {
            let answer = try await accepted(stanza, id: id)
            settle(id, in: channel, .sent, error: nil)
            return SentPost(id: id, serverID: answer.serverID)
        } catch {
            let code: Int? = if case .refused(let code) = error { code } else { nil }
            settle(id, in: channel, .failed, error: code)
            throw error
        }
    }

    private func settle(_ id: String, in channel: JID, _ status: MessageStatus, error: Int?) {
        outbox.staged.statuses.append(
            MessageStatusChange(chat: channel.description, id: id, status: status, error: error)
        )
        flushLater()
    }

    /// Reacts to a post; an empty emoji takes the reaction back.
    package func react(_ emoji: String, to serverID: Int, in channel: JID) async throws(SendError) {
        do {
            try check(channel)
            try MessageBuilder.checkEmoji(emoji)
        } catch {
            throw SendError(error)
        }
        let id = nextStanzaID()
        _ = try await accepted(NewsletterRequests.reaction(emoji, to: serverID, in: channel, id: id), id: id)
    }

    /// Votes in a channel's poll with all options that are chosen now.
    package func vote(_ options: [String], in poll: Int, of channel: JID) async throws(SendError) {
        do {
            try check(channel)
        } catch {
            throw SendError(error)
        }
        guard options.count <= OutgoingPoll.optionCount.upperBound else {
            throw .invalid(field: "options", reason: "more than a poll has")
        }
        let id = nextStanzaID()
        let hashes = options.map { PollOption.hash($0) }
        _ = try await accepted(NewsletterRequests.vote(hashes, in: poll, of: channel, id: id), id: id)
    }

    private func accepted(_ stanza: BinaryNode, id: String) async throws(SendError) -> Acknowledgement {
        guard await isReadyToSend() else { throw .notConnected }
        deliver(stanza, id: id)
        guard let answer = await acknowledgement(of: id) else {
            throw connection.isOver ? .notConnected : .timedOut
        }
        if let error = answer.error { throw .refused(code: error) }
        return answer
    }
}

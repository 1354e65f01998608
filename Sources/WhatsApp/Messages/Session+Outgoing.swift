package import WhatsAppWire

extension Session {
    /// Builds a message and sends it; `expiration` is the chat's timer in seconds, by default the one that is known.
    ///
    /// The own name in it is the one that the chat goes by: the LID in chats that are addressed so. Messages that it is
    /// about, and their authors, can be given under either of their names.
    package func send(
        _ outgoing: OutgoingMessage,
        to chat: JID,
        expiration: UInt32? = nil,
        id: String? = nil
    ) async throws(SendError) -> SentMessage {
        guard let own = credentials.account else { throw .notConnected }
        let isLID: Bool
        var wire = chat
        switch chat.server {
        case .group:
            do {
                isLID = try await metadata(of: chat).addressingMode == .lid
            } catch {
                throw .request(error)
            }
        case .broadcast: isLID = true
        case .newsletter: isLID = false
        default:
            wire = try await wireAddress(of: chat)
            isLID = wire.server == .lid
        }
        var builder = MessageBuilder(chat: wire, own: isLID ? own.lid ?? own.jid : own.jid, now: now)
        if let expiration {
            builder.expiration = expiration
        } else if let timer = await timer(of: chat) {
            builder.expiration = timer.seconds
            builder.expirationSetAt = timer.setAt
        }
        do {
            let outgoing = try await addressed(outgoing, to: wire, isLID: isLID)
            var message = try builder.build(outgoing, using: &random)
            message.announceReportingToken()
            return try await send(message, to: chat, id: id)
        } catch let error as RequestError {
            throw SendError(error)
        } catch let error as SendError {
            throw error
        } catch {
            throw .notConnected
        }
    }
}

extension Session {
    /// Names the messages that a message is about as its chat does: receivers compare the names.
    private func addressed(
        _ outgoing: OutgoingMessage,
        to wire: JID,
        isLID: Bool
    ) async throws(RequestError) -> OutgoingMessage {
        var outgoing = outgoing
        if let target = outgoing.content.target {
            outgoing.content.target = try await addressed(target, to: wire, isLID: isLID)
        }
        if let quote = outgoing.quote {
            outgoing.quote?.target = try await addressed(quote.target, to: wire, isLID: isLID)
        }
        if let album = outgoing.album { outgoing.album = try await addressed(album, to: wire, isLID: isLID) }
        return outgoing
    }

    private func addressed(_ target: MessageTarget, to wire: JID, isLID: Bool) async throws(RequestError)
        -> MessageTarget
    {
        var target = target
        let chat = target.chat.withoutDevice
        if chat.isPerson, wire.isPerson, await names(of: chat).contains(wire) { target.chat = wire }
        if let author = target.author?.withoutDevice, author.isPerson {
            target.author = try await (isLID ? lid(of: author) : phone(of: author)) ?? author
        }
        return target
    }
}

extension SendError {
    /// A mistake in the content stays one; everything else is a request's.
    init(_ error: RequestError) {
        if case .invalid(let field, let reason) = error {
            self = .invalid(field: field, reason: reason)
        } else {
            self = .request(error)
        }
    }
}

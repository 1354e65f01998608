package import WhatsAppWire

extension Session {
    /// Builds a message and sends it; `expiration` is the chat's timer in seconds, by default the one that is known.
    ///
    /// The own name in it is the one that the chat goes by: the LID in chats that are addressed so.
    package func send(
        _ outgoing: OutgoingMessage,
        to chat: JID,
        expiration: UInt32? = nil,
        id: String? = nil
    ) async throws(SendError) -> SentMessage {
        guard let own = credentials.account else { throw .notConnected }
        let isLID: Bool
        switch chat.server {
        case .group:
            do {
                isLID = try await metadata(of: chat).addressingMode == .lid
            } catch {
                throw .request(error)
            }
        case .broadcast: isLID = true
        case .newsletter: isLID = false
        default: isLID = try await wireAddress(of: chat).server == .lid
        }
        var builder = MessageBuilder(chat: chat, own: isLID ? own.lid ?? own.jid : own.jid, now: now)
        if let expiration {
            builder.expiration = expiration
        } else if let timer = await timer(of: chat) {
            builder.expiration = timer.seconds
            builder.expirationSetAt = timer.setAt
        }
        do {
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

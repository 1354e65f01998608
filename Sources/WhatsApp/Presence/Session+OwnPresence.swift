package import WhatsAppWire

extension Session {
    /// Shows the account as online or not; while it is, receipts count as those of a device in use.
    package func setAvailable(_ isAvailable: Bool) throws(RequestError) {
        try sendStanza(PresenceStanzas.own(isAvailable: isAvailable, name: pushName))
        self.isAvailable = isAvailable
    }

    /// Tells the service the account's name, which it shows to those who get messages; without a type, so that the phone
    /// goes on ringing.
    func announcePushName() {
        guard let pushName else { return }
        // Not connected: the next login says it.
        try? sendStanza(PresenceStanzas.named(pushName))
    }

    private var pushName: String? {
        guard let name = credentials.account?.pushName, !name.isEmpty else { return nil }
        return name
    }

    /// Asks to be told when somebody is online; forgotten by the service with the connection.
    package func subscribePresence(of jid: JID) async throws(RequestError) {
        guard jid.isPerson else { throw .invalid(field: "jid", reason: .notAPerson) }
        try sendStanza(PresenceStanzas.subscribe(to: jid, token: await token(of: jid)))
    }

    /// Shows others that something is being written or recorded; has to be repeated after some ten seconds.
    package func setTyping(_ state: TypingChange.State, in chat: JID) async throws(RequestError) {
        var address = chat.withoutDevice
        if chat.isPerson {
            do {
                address = try await wireAddress(of: chat)
            } catch .request(let error) {
                throw error
            } catch {
                throw .notConnected
            }
        }
        try sendStanza(PresenceStanzas.typing(state, in: address))
    }
}

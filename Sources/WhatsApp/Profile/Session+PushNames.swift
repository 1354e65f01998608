package import WhatsAppWire

extension Session {
    /// What the author of a message calls themself: as it stood with that message, else as it was told at any other time.
    ///
    /// Nil where this account was never told, also because the message is not theirs.
    package func pushName(of author: JID, with message: String, in chat: JID) async -> String? {
        let names = await names(of: author)
        if let own = account, names.contains(own.jid.withoutDevice) { return own.pushName }
        for name in names {
            guard let told = try? await storedMessage(message, in: chat, by: name)?.pushName, !told.isEmpty else {
                continue
            }
            return told
        }
        return try? await store.pushName(of: names.map(\.description))
    }
}

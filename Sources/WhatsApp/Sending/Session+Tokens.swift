internal import Foundation
internal import WhatsAppCrypto
internal import WhatsAppWire

extension Session {
    /// `<notification type="privacy_token" from sender_lid><tokens><token type="trusted_contact" t jid>…`.
    func handleTokenNotification(_ node: BinaryNode) async {
        guard let from = node.attributes.jid("sender_lid") ?? node.attributes.jid("from") else { return }
        for token in node.child("tokens")?.children("token").prefix(16) ?? []
        where token.attributes.text("type") == "trusted_contact" {
            guard let bytes = token.bytes, !bytes.isEmpty, bytes.count <= 1024,
                let time = token.attributes.integer("t", as: UInt64.self)
            else { continue }
            await keepToken(Array(bytes), timestamp: time, of: from.withoutDevice)
        }
    }

    /// Keeps the newer of two tokens.
    func keepToken(_ token: [UInt8], timestamp: UInt64, of user: JID) async {
        guard let name = await tokenName(of: user), (try? await load([RecordKey(.privacyToken, name)])) != nil else {
            return
        }
        var known = hot.tokens[name] ?? PrivacyToken()
        guard timestamp >= known.timestamp else { return }
        known.token = token
        known.timestamp = timestamp
        hot.tokens.set(name, known, commit: outbox.number)
        flushSoon()
    }

    /// `<tctoken>` for somebody, or `<cstoken>` where they gave none; nil where there is neither.
    func tokenNode(for user: JID) async -> BinaryNode? {
        if let token = await token(of: user) { return BinaryNode("tctoken", bytes: token) }
        guard let salt = await salt(), !salt.isEmpty,
            let lid = user.server == .lid ? user : try? await lid(of: user)
        else { return nil }
        return BinaryNode("cstoken", bytes: ContactToken.make(salt: salt, recipient: lid))
    }

    /// What contact tokens are made with; read once, for every message to a person asks for it.
    private func salt() async -> [UInt8]? {
        if let known = contactTokenSalt { return known }
        do {
            let stored = try await read(.setting, StoreBatch.contactTokenSaltName)
            // One that has come meanwhile is newer.
            if contactTokenSalt == nil { contactTokenSalt = stored ?? [] }
        } catch {
            return nil
        }
        return contactTokenSalt
    }

    /// The token that somebody gave us, while it counts.
    func token(of user: JID) async -> [UInt8]? {
        guard let name = await tokenName(of: user), (try? await load([RecordKey(.privacyToken, name)])) != nil,
            let known = hot.tokens[name], known.isValid(at: now, tokenRules)
        else { return nil }
        return known.token
    }

    func issueTokenSoon(to user: JID) {
        guard user.server == .lid || user.server == .user else { return }
        // Mostly they have had it for a while.
        if user.server == .lid, let known = hot.tokens[user.withoutDevice.description],
            !known.isIssueDue(at: now, tokenRules)
        {
            return
        }
        // The message has been sent; its caller need not wait for what follows from it.
        Task { await self.issueToken(to: user, isRepeat: false) }
    }

    /// Gives somebody our token where it is due, or once more where they have set up anew.
    func issueToken(to user: JID, isRepeat: Bool) async {
        guard let own = credentials.account, !MessageEnvelope.isOwn(user, own),
            let name = await tokenName(of: user), (try? await load([RecordKey(.privacyToken, name)])) != nil
        else { return }
        var known = hot.tokens[name] ?? PrivacyToken()
        let time: UInt64
        if isRepeat {
            guard known.issuedAt != 0 else { return }
            time = known.issuedAt
        } else {
            guard known.isIssueDue(at: now, tokenRules) else { return }
            time = UInt64(max(0, now.timeIntervalSince1970))
        }
        known.issuedAt = time
        hot.tokens.set(name, known, commit: outbox.number)
        flushSoon()
        let lid = user.server == .lid ? user : (try? await lid(of: user)) ?? user
        let token = BinaryNode("token", ["jid": .jid(lid), "t": .text(String(time)), "type": "trusted_contact"])
        let request = Stanzas.request("set", "privacy", children: [BinaryNode("tokens", children: [token])])
        guard (try? await self.request(request)) == nil, !isRepeat else { return }
        // Not taken: the next message tries again.
        var failed = hot.tokens[name] ?? known
        failed.issuedAt = 0
        hot.tokens.set(name, failed, commit: outbox.number)
    }

    private func tokenName(of user: JID) async -> String? {
        if user.server == .lid { return user.withoutDevice.description }
        return (try? await lid(of: user))?.description ?? user.withoutDevice.description
    }
}

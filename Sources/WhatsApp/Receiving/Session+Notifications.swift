internal import Foundation
internal import SignalProtocol
internal import WhatsAppWire

extension Session {
    /// Passes a notification on to what it concerns; it is acknowledged once all that it led to is durable.
    func handleNotification(_ node: BinaryNode) async {
        switch node.attributes.text("type") {
        case "encrypt": await handleEncryptNotification(node)
        case "devices": await handleDeviceNotification(node)
        case "account_sync": await handleAccountSync(node)
        case "server_sync": await handleServerSync(node)
        case "w:gp2": await handleGroupNotification(node)
        case "privacy_token": await handleTokenNotification(node)
        case "mediaretry": handleMediaRetry(node)
        case "newsletter": handleNewsletterNotification(node)
        case "mex": handleMexNotification(node)
        case "picture", "status", "contacts", "business", "disappearing_mode": await handleProfileNotification(node)
        default: break
        }
    }

    /// `<notification type="encrypt" from><identity/></notification>`: a person has set up WhatsApp anew.
    private func handleEncryptNotification(_ node: BinaryNode) async {
        guard node.child("identity") != nil, let from = node.attributes.jid("from"), from.device == 0,
            let own = credentials.account, !MessageEnvelope.isOwn(from, own)
        else { return }
        let names = await names(of: from)
        // It comes once for each of several servers.
        guard identityNotices.isFirst(of: names, at: now) else { return }
        for name in names {
            forgetDevices(of: name)
            forgetSenderKeys(on: name)
        }
        guard let address = try? await signalAddress(of: from) else { return }
        guard (try? await loadSession(at: address)) != nil,
            var session = hot.sessions[address.signalName]
        else { return }
        // What is under way can still be read; whatever is sent next fetches the new keys first.
        session.archiveCurrent()
        hot.sessions.set(address.signalName, session, commit: outbox.number)
        tell(.identityChanged(from.withoutDevice), .identityChanged(from.withoutDevice))
        let number = connection.number
        // Asks the service; the notifications that follow must not wait for its answer.
        Task { await self.renewSession(with: from, connection: number) }
    }

    /// Fetches the new keys of somebody with whom there was a session, our token first.
    private func renewSession(with user: JID, connection number: Int) async {
        guard connection.number == number else { return }
        await issueToken(to: user, isRepeat: true)
        _ = try? await ensureSessions(with: [user.withoutDevice], reason: "identity")
        flush()
    }

    /// `<notification type="account_sync" from>`: something of the own account has changed.
    private func handleAccountSync(_ node: BinaryNode) async {
        guard let from = node.attributes.jid("from"), let own = credentials.account,
            MessageEnvelope.isOwn(from, own)
        else { return }
        if node.child("devices") != nil {
            forgetDevices(of: own.jid)
            if let lid = own.lid { forgetDevices(of: lid) }
        }
        await handleProfileNotification(node)
    }

    /// `<dirty type timestamp/>`: what we know of a kind is stale.
    func handleDirty(_ node: BinaryNode) async {
        guard let type = node.attributes.text("type") else { return }
        switch type {
        case "account_sync":
            if let own = credentials.account {
                forgetDevices(of: own.jid)
                if let lid = own.lid { forgetDevices(of: lid) }
            }
            // Picture and blocklist are asked for whenever they are wanted; of the privacy settings this one is remembered.
            isReadingShown = nil
        case "groups", "communities": await handleDirtyGroups()
        // Takes several requests, which what follows must not wait for.
        case "syncd_app_state": Task { await self.syncAppState() }
        default: break
        }
        let clean = BinaryNode("clean", ["type": .text(type), "timestamp": node.attributes["timestamp"]])
        // Nobody waits for the answer; where there is none the service says so again.
        Task { _ = try? await self.request(Stanzas.request("set", "urn:xmpp:whatsapp:dirty", children: [clean])) }
    }
}

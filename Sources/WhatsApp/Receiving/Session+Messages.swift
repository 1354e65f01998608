internal import Foundation
internal import Logging
internal import SignalProtocol
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// Works through a `message` stanza: decrypts, stages, and leaves acknowledgement and event to the commit.
    func handleMessage(_ node: BinaryNode) async {
        guard let own = credentials.account, let envelope = MessageEnvelope(node, own: own) else {
            acknowledge(node, error: 487)
            return
        }
        counters.received += 1
        learnNames(envelope)
        if envelope.kind == .newsletter { return handleChannelMessage(node, envelope) }
        let encrypted = node.children("enc")
        guard !encrypted.isEmpty else {
            if let unavailable = node.child("unavailable") {
                await handleUnavailable(node, unavailable, envelope)
            } else {
                acknowledge(node)
            }
            return
        }
        do {
            try await open(node, encrypted, envelope)
        } catch let error as StoreError {
            // Any other error has ended the session; the stanza comes again.
            if case .corrupt = error { await askAgain(node, envelope, reason: 8) }
        } catch let error as SignalError {
            await failed(node, envelope, error)
        } catch {
            acknowledge(node, error: 500)
        }
    }

    /// Opens every `enc`: the pairwise ones first, for they may carry the key of the others.
    private func open(_ node: BinaryNode, _ encrypted: [BinaryNode], _ envelope: MessageEnvelope) async throws {
        if envelope.kind != .person {
            // Read now: between a ratchet's step and what it has opened nothing may wait, or the step alone could be kept.
            try await loadSenderKey(at: try await signalAddress(of: envelope.device), in: envelope.chat)
        }
        let identity = node.child("device-identity")
        let hasGroupPart = encrypted.contains { $0.attributes.text("type") == "skmsg" }
        var isTaken = false
        var opened = 0
        for enc in encrypted {
            let type = enc.attributes.text("type")
            guard type == "pkmsg" || type == "msg", let bytes = enc.bytes else { continue }
            let padded: [UInt8]
            do {
                padded = try await openPairwise(bytes, isPreKey: type == "pkmsg", identity, envelope)
            } catch SignalError.duplicate where hasGroupPart {
                // The key has come before; what it is for perhaps has not.
                continue
            }
            let isUnpadded = enc.attributes.text("v") == "3"
            if try await accept(padded, isUnpadded: isUnpadded, node, envelope) { isTaken = true }
            opened += 1
        }
        for enc in encrypted where enc.attributes.text("type") == "skmsg" {
            guard let bytes = enc.bytes else { continue }
            let padded = try await openGroup(bytes, envelope)
            let isUnpadded = enc.attributes.text("v") == "3"
            if try await accept(padded, isUnpadded: isUnpadded, node, envelope) { isTaken = true }
            opened += 1
        }
        for enc in encrypted where enc.attributes.text("type") == "msmsg" {
            guard let bytes = enc.bytes else { continue }
            try await acceptBotMessage(bytes, node, envelope)
            isTaken = true
            opened += 1
        }
        // Of a kind that is not known here, or empty: it cannot be read, as one that does not decrypt.
        guard opened > 0 else { throw SignalError.malformed }
        if !isTaken { confirm(node, envelope) }
    }

    private func openPairwise(
        _ bytes: ArraySlice<UInt8>,
        isPreKey: Bool,
        _ identity: BinaryNode?,
        _ envelope: MessageEnvelope
    ) async throws -> [UInt8] {
        do {
            guard isPreKey else { return try await openMessage(bytes, envelope) }
            return try await openPreKeyMessage(bytes, identity, envelope)
        } catch let error as SignalError {
            try await setAside(error, of: envelope.device)
            throw error
        }
    }

    private func openMessage(_ bytes: ArraySlice<UInt8>, _ envelope: MessageEnvelope) async throws -> [UInt8] {
        let address = try await loadedAddress(of: envelope.device)
        guard var session = hot.sessions[address.signalName] else { throw SignalError.noSession }
        let plaintext = try session.decrypt(bytes, local: localIdentity, using: &random)
        hot.sessions.set(address.signalName, session, commit: outbox.number)
        return plaintext
    }

    private func openPreKeyMessage(
        _ bytes: ArraySlice<UInt8>,
        _ identity: BinaryNode?,
        _ envelope: MessageEnvelope
    ) async throws -> [UInt8] {
        let message = try PreKeySignalMessage(bytes)
        var address = try await loadedAddress(of: envelope.device)
        var preKey: PreKey?
        var signedPreKey: SignedPreKey?
        if !(hot.sessions[address.signalName]?.knows(baseKey: message.baseKey) ?? false) {
            guard try await isVouchedFor(envelope.device, identityKey: message.identityKey, identity) else {
                throw SignalError.unknownCompanion
            }
            signedPreKey = try await self.signedPreKey(message.signedPreKeyID)
            if let id = message.preKeyID { preKey = try await self.preKey(id) }
            // It may have gone cold meanwhile.
            address = try await loadedAddress(of: envelope.device)
        }
        // Nothing waits from here on: what is read is what is written.
        let name = address.signalName
        var session = hot.sessions[name] ?? SignalSession()
        let known = session.remoteIdentity
        let isNewIdentity = known != nil && known != message.identityKey
        if isNewIdentity { session = SignalSession() }
        let plaintext = try session.decrypt(
            message,
            local: localIdentity,
            signedPreKey: signedPreKey,
            preKey: preKey,
            using: &random
        )
        hot.sessions.set(name, session, commit: outbox.number)
        if let preKey { outbox.staged.delete(.preKey, String(preKey.id)) }
        if isNewIdentity { identityChanged(of: envelope.sender, device: address) }
        return plaintext
    }

    /// A ratchet that has gone wrong is not written with any more: what is sent next begins anew.
    ///
    /// Its keys stay in the archive, for what is under way and can be read.
    private func setAside(_ error: SignalError, of device: JID) async throws(StoreError) {
        guard error == .badMAC || error == .malformed else { return }
        let address = try await loadedAddress(of: device)
        guard var session = hot.sessions[address.signalName], session.hasCurrentState else { return }
        session.archiveCurrent()
        hot.sessions.set(address.signalName, session, commit: outbox.number)
    }

    private func openGroup(_ bytes: ArraySlice<UInt8>, _ envelope: MessageEnvelope) async throws -> [UInt8] {
        let name = try await loadSenderKey(at: try await signalAddress(of: envelope.device), in: envelope.chat)
        guard var record = hot.senderKeys[name] else { throw SignalError.noSenderKey(0) }
        let plaintext = try record.decrypt(bytes)
        hot.senderKeys.set(name, record, commit: outbox.number)
        return plaintext
    }

    /// The signed pre-key of that number: the present one, or one that it replaced.
    private func signedPreKey(_ id: UInt32) async throws(StoreError) -> SignedPreKey? {
        if id == credentials.signedPreKey.id { return credentials.signedPreKey }
        guard let bytes = try await read(.formerSignedPreKey, String(id)),
            let pair = try? Curve25519KeyPair(privateKey: bytes)
        else { return nil }
        return SignedPreKey(id: id, keyPair: pair, signature: [])
    }

    private func preKey(_ id: UInt32) async throws(StoreError) -> PreKey? {
        guard let bytes = try await read(.preKey, String(id)), let pair = try? Curve25519KeyPair(privateKey: bytes)
        else { return nil }
        return PreKey(id: id, keyPair: pair)
    }

    /// A person's device shows another identity than before.
    func identityChanged(of user: JID, device: JID) {
        forgetSenderKeys(on: device)
        guard device.device == 0 else { return }
        tell(.identityChanged(user), .identityChanged(user))
    }

    private func learnNames(_ envelope: MessageEnvelope) {
        if let alternate = envelope.alternate {
            let sender = envelope.sender
            learn(lid: sender.server == .lid ? sender : alternate, phone: sender.server == .lid ? alternate : sender)
        }
        if let recipient = envelope.recipient, let alternate = envelope.recipientAlternate?.withoutDevice {
            learn(
                lid: recipient.server == .lid ? recipient : alternate,
                phone: recipient.server == .lid ? alternate : recipient
            )
        }
        if let name = envelope.pushName, !envelope.isFromMe, !name.isEmpty { keepPushName(name, of: envelope.sender) }
    }
}

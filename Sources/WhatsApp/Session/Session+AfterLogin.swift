internal import Foundation
internal import NIOCore
internal import SignalProtocol
internal import WhatsAppWire

extension Session {
    /// How old the signed pre-key may become: WhatsApp Web's interval.
    static let signedPreKeyAge: TimeInterval = 27 * 86_400

    /// What is asked for and put in order with every login, without anybody waiting for it.
    func afterLogin() {
        let number = connection.number
        // Requests one after the other, beside what arrives; nothing of it holds up a message.
        Task {
            await recallRestrictions()
            guard connection.number == number, connection.isActive else { return }
            await rotateSignedPreKey()
            await checkKeyBundle()
            await readProperties()
            await bootstrapAppState()
            await resumeHistory()
        }
    }

    private static let propertiesAge: TimeInterval = 86_400
    private static let propertiesAskedSetting = "properties_asked"
    private static let tokenRulesSetting = "token_rules"

    /// Reads the service's properties, once a day, and with each login as long as chats with people do not go by LID, which
    /// property 9435 says.
    private func readProperties() async {
        let time = now.timeIntervalSince1970
        let asked = (try? await read(.setting, Self.propertiesAskedSetting))
            .flatMap { TimeInterval(String(decoding: $0, as: UTF8.self)) }
        guard !credentials.isLIDMigrated || time - (asked ?? 0) >= Self.propertiesAge else { return }
        let request = Stanzas.request("get", "abt", children: [BinaryNode("props", ["protocol": "1"])])
        guard let properties = try? await self.request(request).child("props") else { return }
        let isMigrated = properties.children("prop").contains {
            $0.attributes.text("config_code") == "9435"
                && ["1", "true"].contains($0.attributes.text("config_value") ?? "")
        }
        if isMigrated { markMigrated() }
        tokenRules = PrivacyTokenRules(properties: properties)
        outbox.staged.put(.setting, Self.tokenRulesSetting, tokenRules.encoded())
        outbox.staged.put(.setting, Self.propertiesAskedSetting, Array(String(Int(time)).utf8))
        flushSoon()
    }

    /// Replaces the signed pre-key when it has become old; the one before is kept for messages under way.
    private func rotateSignedPreKey() async {
        let time = now.timeIntervalSince1970
        guard let stored = try? await read(.setting, "signed_pre_key_made") else {
            outbox.staged.put(.setting, "signed_pre_key_made", Array(String(Int(time)).utf8))
            return flushSoon()
        }
        guard let made = TimeInterval(String(decoding: stored, as: UTF8.self)), time - made > Self.signedPreKeyAge
        else {
            return
        }
        let old = credentials.signedPreKey
        let id = old.id >= LoginEngine.lastPreKeyID ? 1 : old.id + 1
        // One that was handed in without an answer may be out already: it keeps its number.
        let begun = try? await read(.formerSignedPreKey, String(id))
        let pair = begun.flatMap { try? Curve25519KeyPair(privateKey: $0) } ?? .generate(using: &random)
        let new = SignedPreKey(id: id, keyPair: pair, identity: credentials.identityKey, using: &random)
        // Both are durable before the service may hand the new one out.
        outbox.staged.put(.formerSignedPreKey, String(old.id), old.keyPair.privateKey.reveal())
        outbox.staged.put(.formerSignedPreKey, String(new.id), new.keyPair.privateKey.reveal())
        guard await durable() else { return }
        let key = BinaryNode(
            "skey",
            children: [
                BinaryNode("id", bytes: bigEndian(new.id, count: 3)),
                BinaryNode("value", bytes: new.keyPair.publicKey),
                BinaryNode("signature", bytes: new.signature),
            ]
        )
        do {
            _ = try await request(Stanzas.request("set", "encrypt", children: [BinaryNode("rotate", children: [key])]))
        } catch {
            // A plain refusal counts as done for the interval; anything else is tried with the next login.
            guard case .refused(let code, _, _) = error, code < 500 else { return }
            outbox.staged.put(.setting, "signed_pre_key_made", Array(String(Int(time)).utf8))
            return flushSoon()
        }
        credentials.signedPreKey = new
        connection.handler?.value.perform {
            $0.use(new)
            return []
        }
        outbox.staged.put(.setting, "signed_pre_key_made", Array(String(Int(time)).utf8))
        keepCredentials()
        note(.info, "The signed pre-key has been replaced.")
    }

    /// What earlier runs were told, and what they were sending; before anything new is.
    func recallSettings() async {
        let (limits, sends) = (RecordKey(.setting, "restrictions"), RecordKey(.setting, Self.sendingSetting))
        let rules = RecordKey(.setting, Self.tokenRulesSetting)
        do {
            let stored = try await store.load([limits, sends, rules])
            if let known = stored[rules].flatMap({ PrivacyTokenRules(encoded: $0) }) { tokenRules = known }
            if let known = stored[limits].flatMap({ SessionRestrictions(encoded: $0) }) { toldRestrictions = known }
            if let mark = stored[sends] { try await recallSends(mark) }
        } catch .corrupt {
            note(.warning, "A setting of the session cannot be read.")
        } catch {
            storeFailed(error)
        }
    }

    /// Whoever has just begun to listen has not heard of the limits, and they may have ended meanwhile.
    private func recallRestrictions() async {
        guard restrictions.areAny else { return }
        emit(.restriction(restrictions))
        await refreshReachOutLock()
        await refreshNewChatCap()
    }

    /// Keeps what the service says about the account's limits, and tells.
    func setRestrictions(_ change: (inout SessionRestrictions) -> Void) {
        var changed = toldRestrictions
        change(&changed)
        guard changed != toldRestrictions else { return }
        toldRestrictions = changed
        outbox.staged.put(.setting, "restrictions", changed.encoded())
        flushSoon()
        tell(.restriction(changed), .restriction)
    }
}

extension SessionRestrictions {
    init?(encoded bytes: [UInt8]) {
        var reader = RecordReader(bytes)
        guard let flags = try? reader.number(), let until = try? reader.number(), let used = try? reader.number(),
            let total = try? reader.number()
        else { return nil }
        isReachOutLocked = flags & 1 != 0
        isNewChatCapReached = flags & 2 != 0
        reachOutLockedUntil = until == 0 ? nil : Date(timeIntervalSince1970: TimeInterval(until))
        newChatsUsed = used == 0 ? nil : Int(clamping: used - 1)
        newChatsTotal = total == 0 ? nil : Int(clamping: total - 1)
    }

    func encoded() -> [UInt8] {
        var writer = RecordWriter()
        writer.write((isReachOutLocked ? 1 : 0) | (isNewChatCapReached ? 2 : 0))
        writer.write(UInt64(max(0, reachOutLockedUntil?.timeIntervalSince1970 ?? 0)))
        writer.write(newChatsUsed.map { UInt64(clamping: $0) &+ 1 } ?? 0)
        writer.write(newChatsTotal.map { UInt64(clamping: $0) &+ 1 } ?? 0)
        return writer.bytes
    }
}

internal import Logging
internal import WhatsAppWire

extension Session {
    /// Brings records into memory, in one query; those that are there already cost nothing.
    func load(_ keys: [RecordKey]) async throws(StoreError) {
        var missing: [RecordKey] = []
        for key in keys where !hot.contains(key) { missing.append(key) }
        guard !missing.isEmpty else { return }
        hot.loads += 1
        defer { hot.loads -= 1 }
        do {
            let found = try await store.load(missing)
            for key in missing { try hot.load(key, found[key]) }
        } catch {
            endRun(after: error)
            throw error
        }
    }

    /// Ends the run unless it is one record alone that cannot be read.
    private func endRun(after error: StoreError) {
        if error == .leaseLost || error == .closed || error == .unavailable { storeFailed(error) }
    }

    /// The store cannot be read: this run is over, the next one starts from what is durable.
    func storeFailed(_ error: StoreError) {
        logger.error("A session's records cannot be read", metadata: ["error": "\(error)"])
        outbox.hasFailed = true
        stop(.storeFailed)
    }

    /// A message that is kept, or is about to be.
    func storedMessage(_ id: String, in chat: JID, by sender: JID) async throws(StoreError) -> StoredMessage? {
        let (chat, sender) = (chat.description, sender.description)
        let staged = outbox.staged.messages.first {
            $0.id == id && $0.chat == chat && $0.sender == sender && !$0.isPlaceholder
        }
        if let staged { return staged }
        do {
            return try await store.message(chat: chat, id: id, sender: sender)
        } catch {
            endRun(after: error)
            throw error
        }
    }

    /// A record that is not kept in memory.
    func read(_ kind: RecordKind, _ name: String) async throws(StoreError) -> [UInt8]? {
        let key = RecordKey(kind, name)
        switch outbox.staged.records[key] {
        case .put(let value, _): return value
        case .delete: return nil
        case nil: break
        }
        do {
            return try await store.load(kind, name)
        } catch {
            endRun(after: error)
            throw error
        }
    }
}

extension JID {
    /// The name of this device's ratchets: user, domain, device.
    var signalName: String {
        switch server {
        case .lid: "\(user)_1.\(device)"
        case .hosted: "\(user)_128.\(device)"
        case .hostedLID: "\(user)_129.\(device)"
        default: "\(user).\(device)"
        }
    }

    func with(device: UInt16) -> JID {
        var jid = withoutDevice
        jid.device = device
        return jid
    }

    var isPerson: Bool { server == .user || server == .lid || server == .hosted || server == .hostedLID }
}

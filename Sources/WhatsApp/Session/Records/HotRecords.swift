internal import SignalProtocol

/// What of a session's records is in memory, decoded.
struct HotRecords {
    var sessions: HotCache<SignalSession>
    var senderKeys: HotCache<SenderKeyRecord>
    var ownSenderKeys: HotCache<SharedSenderKey>
    /// Phone number user to LID user.
    var lids: HotCache<String>
    /// LID user to phone number user.
    var phones: HotCache<String>
    var devices: HotCache<DeviceList>
    var tokens: HotCache<PrivacyToken>
    var timers: HotCache<ChatTimer>
    /// While something is being loaded nothing is dropped, lest an old value come after a newer one.
    var loads = 0

    init(limit: Int, bytes: Int) {
        // A ratchet or key that has skipped much takes a hundred times what most do.
        sessions = HotCache(limit: limit, bytes: bytes)
        senderKeys = HotCache(limit: limit, bytes: bytes)
        ownSenderKeys = HotCache(limit: max(limit / 16, 4), bytes: bytes)
        lids = HotCache(limit: limit * 4)
        phones = HotCache(limit: limit * 4)
        devices = HotCache(limit: limit)
        tokens = HotCache(limit: limit)
        timers = HotCache(limit: limit)
    }

    mutating func evict(committed: UInt64) {
        guard loads == 0 else { return }
        sessions.evict(committed: committed)
        senderKeys.evict(committed: committed)
        ownSenderKeys.evict(committed: committed)
        lids.evict(committed: committed)
        phones.evict(committed: committed)
        devices.evict(committed: committed)
        tokens.evict(committed: committed)
        timers.evict(committed: committed)
    }

    /// Lets go of what has not been used since the last call.
    mutating func cool(committed: UInt64) {
        guard loads == 0 else { return }
        sessions.cool(committed: committed)
        senderKeys.cool(committed: committed)
        ownSenderKeys.cool(committed: committed)
        lids.cool(committed: committed)
        phones.cool(committed: committed)
        devices.cool(committed: committed)
        tokens.cool(committed: committed)
        timers.cool(committed: committed)
    }

    /// Writes what has changed into a batch.
    mutating func stage(into batch: inout StoreBatch) {
        for (name, value) in sessions.takeChanges() {
            let bytes = value?.serialized()
            sessions.weigh(name, bytes?.count ?? 0)
            batch.set(.signalSession, name, bytes)
        }
        for (name, value) in senderKeys.takeChanges() {
            let bytes = value?.serialized()
            senderKeys.weigh(name, bytes?.count ?? 0)
            batch.set(.senderKey, name, bytes)
        }
        for (name, value) in ownSenderKeys.takeChanges() {
            let bytes = value?.encoded()
            ownSenderKeys.weigh(name, bytes?.count ?? 0)
            batch.set(.ownSenderKey, name, bytes)
        }
        for (name, value) in lids.takeChanges() { batch.set(.lidOfPhone, name, value.map { Array($0.utf8) }) }
        for (name, value) in phones.takeChanges() { batch.set(.phoneOfLID, name, value.map { Array($0.utf8) }) }
        for (name, value) in devices.takeChanges() { batch.set(.deviceList, name, value?.encoded()) }
        for (name, value) in tokens.takeChanges() { batch.set(.privacyToken, name, value?.encoded()) }
        for (name, value) in timers.takeChanges() { batch.set(.chatTimer, name, value?.encoded()) }
    }

    var count: Int {
        sessions.count + senderKeys.count + ownSenderKeys.count + lids.count + phones.count + devices.count
            + tokens.count + timers.count
    }

    /// How many records the next commit writes.
    var changeCount: Int {
        sessions.changed.count + senderKeys.changed.count + ownSenderKeys.changed.count + lids.changed.count
            + phones.changed.count + devices.changed.count + tokens.changed.count + timers.changed.count
    }

    var hasChanges: Bool {
        !sessions.changed.isEmpty || !senderKeys.changed.isEmpty || !ownSenderKeys.changed.isEmpty
            || !lids.changed.isEmpty || !phones.changed.isEmpty || !devices.changed.isEmpty || !tokens.changed.isEmpty
            || !timers.changed.isEmpty
    }

    /// Takes a record from the store; nil where there is none.
    mutating func load(_ key: RecordKey, _ bytes: [UInt8]?) throws(StoreError) {
        let weight = bytes?.count ?? 0
        do {
            switch key.kind {
            case .signalSession:
                sessions.load(key.name, try bytes.map { try SignalSession(serialized: $0) }, weight: weight)
            case .senderKey:
                senderKeys.load(key.name, try bytes.map { try SenderKeyRecord(serialized: $0) }, weight: weight)
            case .ownSenderKey:
                ownSenderKeys.load(key.name, try bytes.map { try SharedSenderKey(encoded: $0) }, weight: weight)
            case .lidOfPhone: lids.load(key.name, bytes.map { String(decoding: $0, as: UTF8.self) })
            case .phoneOfLID: phones.load(key.name, bytes.map { String(decoding: $0, as: UTF8.self) })
            case .deviceList: devices.load(key.name, try bytes.map { try DeviceList(encoded: $0) })
            case .privacyToken: tokens.load(key.name, try bytes.map { try PrivacyToken(encoded: $0) })
            case .chatTimer: timers.load(key.name, try bytes.map { try ChatTimer(encoded: $0) })
            default: break
            }
        } catch {
            throw .corrupt(key.kind)
        }
    }

    func contains(_ key: RecordKey) -> Bool {
        switch key.kind {
        case .signalSession: sessions.contains(key.name)
        case .senderKey: senderKeys.contains(key.name)
        case .ownSenderKey: ownSenderKeys.contains(key.name)
        case .lidOfPhone: lids.contains(key.name)
        case .phoneOfLID: phones.contains(key.name)
        case .deviceList: devices.contains(key.name)
        case .privacyToken: tokens.contains(key.name)
        case .chatTimer: timers.contains(key.name)
        default: false
        }
    }
}

extension StoreBatch {
    /// Writes a record, or deletes it where there is no value.
    mutating func set(_ kind: RecordKind, _ name: String, _ value: [UInt8]?) {
        records[RecordKey(kind, name)] = value.map { .put($0, expires: nil) } ?? .delete
    }
}

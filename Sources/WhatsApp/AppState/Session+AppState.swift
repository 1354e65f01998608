internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// The setting that names the collections which the service has told us of and which are not fetched yet.
    private static let wantedSetting = "app_state_wanted"

    /// Fetches what this device has never had and what it was told of while it could not fetch.
    ///
    /// Does nothing before the phone has shared a key: the share calls it again.
    package func bootstrapAppState() async {
        appState.clearBlocks()
        guard let keys = try? await store.list(.appStateKey, prefix: "", after: nil, limit: 1), !keys.isEmpty else {
            return
        }
        await fetchMissingAppState()
    }

    private func fetchMissingAppState() async {
        guard let known = try? await knownCollections(AppStateCollection.allCases) else { return }
        appState.want(AppStateCollection.allCases.filter { known[$0] == nil })
        if let marker = try? await read(.setting, Self.wantedSetting) { appState.want(Self.collections(marker)) }
        await fetchWantedAppState()
    }

    /// Brings every collection up to date.
    package func syncAppState() async {
        appState.want(AppStateCollection.allCases)
        await fetchWantedAppState()
    }

    /// `<notification type="server_sync"><collection name version/>…`: another device has written.
    func handleServerSync(_ node: BinaryNode) async {
        let named = node.children("collection").prefix(16)
            .compactMap { $0.attributes.text("name").flatMap { AppStateCollection(rawValue: $0) } }
        guard !named.isEmpty else { return }
        appState.want(named)
        // Durable before the notification is acknowledged: it does not come again.
        markWanted()
        flushSoon()
        // The stanzas that follow must not wait for the service's answer.
        Task { await self.fetchWantedAppState() }
    }

    /// Keys that the phone shares, after linking or because they were asked for.
    func handleAppStateKeys(_ share: WAAppStateSyncKeyShare) async {
        var known: [AppStateKeyID] = []
        for key in share.keys.prefix(1000) {
            // An entry without a key says that the sender does not have it either.
            guard key.hasKeyData, key.keyData.keyData.count == 32, let id = AppStateKeyID(key.keyID.keyID),
                let record: [UInt8] = try? key.keyData.serializedBytes()
            else { continue }
            outbox.staged.put(.appStateKey, id.recordName, record)
            known.append(id)
        }
        guard !known.isEmpty else { return }
        appState.want(appState.unblock(known))
        afterCommit { session in
            // The stanzas that follow must not wait for the service's answer.
            Task { await session.fetchMissingAppState() }
        }
        flushSoon()
    }

    /// Fetches what is wanted, unless somebody is at it already, who then takes this too.
    private func fetchWantedAppState() async {
        guard !appState.isFetching else { return }
        appState.isFetching = true
        defer { appState.isFetching = false }
        await lockAppState()
        defer { appState.unlock() }
        while connection.isActive {
            let wanted = appState.takeWanted()
            guard !wanted.isEmpty else { break }
            await fetchAppState(wanted)
            markWanted()
            flushSoon()
        }
    }

    /// One fetch or upload at a time, in the order of the calls.
    func lockAppState() async {
        guard !appState.lock() else { return }
        await withCheckedContinuation { appState.wait($0) }
    }

    /// Keeps the names of what is still wanted.
    private func markWanted() {
        let names = appState.stillWanted.map(\.rawValue).joined(separator: ",")
        if names.isEmpty {
            outbox.staged.delete(.setting, Self.wantedSetting)
        } else {
            outbox.staged.put(.setting, Self.wantedSetting, Array(names.utf8))
        }
    }

    private static func collections(_ marker: [UInt8]) -> [AppStateCollection] {
        String(decoding: marker.prefix(512), as: UTF8.self).split(separator: ",")
            .compactMap { AppStateCollection(rawValue: String($0)) }
    }

    // MARK: The store

    /// The collections that this device has, as it has them.
    func knownCollections(_ names: [AppStateCollection]) async throws(StoreError)
        -> [AppStateCollection: KnownCollection]
    {
        let records = try await store.load(names.map { RecordKey(.appStateVersion, $0.rawValue) })
        var known: [AppStateCollection: KnownCollection] = [:]
        for name in names {
            let record = records[RecordKey(.appStateVersion, name.rawValue)]
            known[name] = record.flatMap { KnownCollection(serialized: $0) }
        }
        return known
    }

    /// Those of the named keys that this device has.
    func appStateKeys(_ ids: Set<AppStateKeyID>) async throws(StoreError) -> AppStateKeyring {
        let records = try await store.load(ids.map { RecordKey(.appStateKey, $0.recordName) })
        var keys: AppStateKeyring = [:]
        for id in ids {
            keys[id] = records[RecordKey(.appStateKey, id.recordName)].flatMap { AppStateKeys(id: id, record: $0) }
        }
        return keys
    }

    /// The value MACs that stand under index MACs.
    func valueMACs(_ indexMACs: some Sequence<[UInt8]>, of collection: AppStateCollection) async throws(StoreError)
        -> [[UInt8]: [UInt8]]
    {
        let unique = Array(Set(indexMACs))
        var found: [[UInt8]: [UInt8]] = [:]
        for start in stride(from: 0, to: unique.count, by: 5000) {
            let part = unique[start..<min(start + 5000, unique.count)]
            let records = try await store.load(part.map { collection.macKey($0) })
            for mac in part { found[mac] = records[collection.macKey(mac)] }
        }
        return found
    }
}

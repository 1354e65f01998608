internal import Compression
internal import Foundation
internal import NIOPosix
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// Asks the phone for keys that a patch was written with, each once a day.
    func requestAppStateKeys(_ keys: [AppStateKeyID]) async {
        let due = appState.request(keys, at: now)
        guard !due.isEmpty else { return }
        var message = WAMessage()
        message.protocolMessage.type = .appStateSyncKeyRequest
        message.protocolMessage.appStateSyncKeyRequest.keyIds = due.map { id in
            var key = WAAppStateSyncKeyId()
            key.keyID = Data(id.bytes)
            return key
        }
        do {
            _ = try await sendPeerMessage(message)
        } catch {
            // Nobody has been asked.
            appState.forgetRequests(of: due)
        }
    }

    /// Keys that one answer gives at most.
    static let keyShareLimit = 100

    /// Gives another device of the account the keys that it asks for; those that are not here are named without one.
    ///
    /// Only a device of the signed list gets any.
    func shareAppStateKeys(_ ids: [AppStateKeyID], with device: JID) async {
        guard !ids.isEmpty, let own = credentials.account, MessageEnvelope.isOwn(device, own),
            device != own.jid, device != own.lid,
            let list = try? await devices(of: [device.withoutDevice])[device.withoutDevice], list.contains(device),
            let records = try? await store.load(ids.map { RecordKey(.appStateKey, $0.recordName) })
        else { return }
        var message = WAMessage()
        message.protocolMessage.type = .appStateSyncKeyShare
        message.protocolMessage.appStateSyncKeyShare.keys = ids.map { id in
            var key = WAAppStateSyncKey()
            key.keyID.keyID = Data(id.bytes)
            if let record = records[RecordKey(.appStateKey, id.recordName)],
                let content = try? WAAppStateSyncKeyData(serializedBytes: record)
            {
                key.keyData = content
            }
            return key
        }
        guard (try? await sendPeerMessage(message, to: device)) != nil else { return }
        note(.info, "Another device of the account has been given app-state keys.")
    }

    /// Asks the phone for its own copy of a collection.
    func requestRecovery(of collection: AppStateCollection) async {
        var message = WAMessage()
        message.protocolMessage.type = .peerDataOperationRequestMessage
        var request = WAPeerDataOperationRequestMessage()
        request.peerDataOperationRequestType = .companionSyncdSnapshotFatalRecovery
        request.syncdCollectionFatalRecoveryRequest.collectionName = collection.rawValue
        request.syncdCollectionFatalRecoveryRequest.timestamp = now.milliseconds
        message.protocolMessage.peerDataOperationRequestMessage = request
        do {
            _ = try await sendPeerMessage(message)
        } catch {
            appState.forgetRecovery(of: collection)
        }
    }

    /// The phone's copy of a collection that was asked for: it takes the place of what is known.
    func handleAppStateRecovery(_ answer: WAPeerDataOperationResult.SyncDSnapshotFatalRecoveryResponse) async {
        guard let bytes = Self.recoveryBytes(answer),
            let recovery = try? WASyncdSnapshotRecovery(serializedBytes: bytes),
            let collection = AppStateCollection(rawValue: recovery.collectionName),
            appState.takesRecovery(collection)
        else { return }
        await lockAppState()
        defer { appState.unlock() }
        do {
            let ids = Set(recovery.mutationRecords.map(\.keyID)).compactMap { AppStateKeyID($0) }
            let keys = try await appStateKeys(Set(ids))
            let step = try await environment.computePool.runIfActive {
                try AppStateVersion.adopting(recovery, keys: keys)
            }
            try await keep(step, of: collection, checks: .all, replacesAll: true, isInitial: true)
            appState.succeeded(collection)
            note(.info, "The phone's copy of the app state \(collection.rawValue) has been taken over.")
        } catch {
            note(.warning, "The phone's copy of the app state \(collection.rawValue) cannot be used.")
        }
    }

    private static func recoveryBytes(_ answer: WAPeerDataOperationResult.SyncDSnapshotFatalRecoveryResponse)
        -> [UInt8]?
    {
        guard answer.isCompressed else { return [UInt8](answer.collectionSnapshot) }
        return try? Compression.inflate(answer.collectionSnapshot, format: .automatic, limit: appStateBlobLimit)
    }
}

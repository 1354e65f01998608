internal import Compression
internal import Foundation
internal import NIOPosix
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs

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

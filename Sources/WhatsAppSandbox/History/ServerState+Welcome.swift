import Compression
import Foundation
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// What a phone sends to a companion after its first `active`: sync keys, then history.
    mutating func welcome(_ address: DeviceAddress) {
        guard settings.welcomesCompanions, let device = phones[address.number]?.devices[address.device],
            !device.isWelcomed
        else { return }
        phones[address.number]?.devices[address.device]?.isWelcomed = true
        add(.save)
        // The keys come before anything that is to be read with them.
        ensureAppStateKey(of: address.number)
        shareAppStateKeys(of: address.number, to: address.device)
        ensureFirstAppState(of: address.number)
        sendFirstHistory(of: address.number, to: address.device)
    }

    /// The push name and the language, which every account has.
    private mutating func ensureFirstAppState(of number: String) {
        ensureAppStateKey(of: number)
        guard let phone = phones[number], phone.appState[.criticalBlock].number == 0 else { return }
        var name = WASyncActionValue()
        name.timestamp = Int64(unixTime) * 1000
        name.pushNameSetting.name = phone.name
        var locale = WASyncActionValue()
        locale.timestamp = name.timestamp
        locale.localeSetting.locale = "en_US"
        try? writeAppState(
            [
                AppStateMutation(.set, index: ["setting_pushName"], value: name, version: 1),
                AppStateMutation(.set, index: ["setting_locale"], value: locale, version: 3),
            ],
            to: .criticalBlock,
            by: number
        )
    }

    /// The phone's keys, but those withheld, to one companion or to all.
    mutating func shareAppStateKeys(of number: String, to device: UInt16? = nil) {
        guard let phone = phones[number] else { return }
        let message = keyShare(phone.appState.keys.filter { !$0.isWithheld }, missing: [], of: phone)
        for other in device.map({ [$0] }) ?? phone.devices.keys.sorted() {
            // A companion that is gone needs no keys.
            _ = try? sendPeerMessage(message, from: number, toDevice: other)
        }
    }

    /// A companion asks for keys by name.
    mutating func answer(_ request: WAAppStateSyncKeyRequest, of number: String, to device: UInt16) {
        guard let phone = phones[number] else { return }
        let wanted = Set(request.keyIds.prefix(1000).map(\.keyID))
        let found = phone.appState.keys.filter { wanted.contains(Data($0.id.bytes)) }
        let missing = wanted.subtracting(found.map { Data($0.id.bytes) })
        phones[number]?.appState.markShared()
        _ = try? sendPeerMessage(keyShare(found, missing: missing, of: phone), from: number, toDevice: device)
    }

    private func keyShare(
        _ keys: [AccountAppState.SyncKey],
        missing: Set<Data>,
        of phone: Phone
    ) -> WAMessage {
        var message = WAMessage()
        message.protocolMessage.type = .appStateSyncKeyShare
        message.protocolMessage.appStateSyncKeyShare.keys =
            keys.map { key in
                var entry = WAAppStateSyncKey()
                entry.keyID.keyID = Data(key.id.bytes)
                entry.keyData.keyData = Data(key.bytes)
                entry.keyData.fingerprint.rawID = phone.keys.rawID
                entry.keyData.fingerprint.currentIndex = phone.highestKeyIndex
                entry.keyData.timestamp = Int64(key.createdAt.timeIntervalSince1970 * 1000)
                return entry
            }
            + missing.map { id in
                var entry = WAAppStateSyncKey()
                entry.keyID.keyID = id
                return entry
            }
        return message
    }

    /// The phone's own copy of a collection, for a companion whose copy does not fit together.
    mutating func answerRecovery(
        _ request: WAPeerDataOperationRequestMessage.SyncDCollectionFatalRecoveryRequest,
        id: String,
        of number: String,
        to device: UInt16
    ) {
        guard let phone = phones[number], let name = AppStateCollection(rawValue: request.collectionName),
            let bytes: [UInt8] = try? phone.appState.recovery(of: name).serializedBytes(),
            let packed = try? Compression.deflate(bytes, format: .gzip)
        else { return }
        var result = WAPeerDataOperationResult()
        result.syncdSnapshotFatalRecoveryResponse.collectionSnapshot = Data(packed)
        result.syncdSnapshotFatalRecoveryResponse.isCompressed = true
        var message = WAMessage()
        message.protocolMessage.type = .peerDataOperationRequestResponseMessage
        var answer = WAPeerDataOperationRequestResponseMessage()
        answer.peerDataOperationRequestType = .companionSyncdSnapshotFatalRecovery
        answer.stanzaID = id
        answer.peerDataOperationResult = [result]
        message.protocolMessage.peerDataOperationRequestResponseMessage = answer
        _ = try? sendPeerMessage(message, from: number, toDevice: device)
    }
}

extension AccountAppState {
    /// A collection in plain, as the phone hands it over.
    func recovery(of name: AppStateCollection) -> WASyncdSnapshotRecovery {
        let collection = self[name]
        var recovery = WASyncdSnapshotRecovery()
        recovery.version.version = collection.version.number
        recovery.collectionName = name.rawValue
        recovery.collectionLthash = Data(collection.version.hash.bytes)
        let ring = keyring
        for mutation in collection.records.values {
            // The record stands under the MAC that one of the keys gives its index.
            for keys in ring.values {
                guard let mac = AppStateVersion.indexMACs(of: [mutation], keys: keys).first,
                    let sealed = collection.sealed[mac], sealed.keyID.id == Data(keys.id.bytes)
                else { continue }
                var record = WASyncdPlainTextRecord()
                record.value.index = Data(AppStateIndex.encode(mutation.index))
                record.value.value = mutation.value
                record.value.version = mutation.version
                record.keyID = sealed.keyID.id
                record.mac = sealed.value.blob.suffix(32)
                recovery.mutationRecords.append(record)
            }
        }
        return recovery
    }
}

import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs

/// The app state of an account: the patches as the server has them, and what the phone reads in them.
struct AccountAppState: Sendable {
    /// One collection at the server.
    struct Collection: Sendable {
        /// Encoded SyncdPatch, oldest first.
        var patches: [[UInt8]] = []
        /// The number of the oldest patch that is still there.
        var first: UInt64 = 1
        /// How the phone knows it.
        var version = AppStateVersion()
        /// As they were written, by index MAC.
        var sealed: [[UInt8]: WASyncdRecord] = [:]
        /// What stands under each index.
        var records: [[String]: AppStateMutation] = [:]
        /// Why the phone could not read a patch of a companion.
        var failure: String?

        /// The number of the newest patch.
        var number: UInt64 { first + UInt64(patches.count) - 1 }
    }

    /// A sync key and its name.
    struct SyncKey: Sendable, Equatable {
        let id: AppStateKeyID
        let bytes: [UInt8]
        let createdAt: Date
        /// A companion that has not got it must ask for it.
        var isWithheld = false
    }

    /// Older patches are given out as a snapshot.
    static let patchLimit = 500
    /// In one answer.
    static let page = 50

    var collections: [AppStateCollection: Collection] = [:]
    /// The newest last.
    private(set) var keys: [SyncKey] = []

    subscript(collection: AppStateCollection) -> Collection { collections[collection] ?? Collection() }

    var keyring: AppStateKeyring {
        var ring: AppStateKeyring = [:]
        for key in keys { ring[key.id] = AppStateKeys(id: key.id, key: key.bytes) }
        return ring
    }

    var writingKeys: AppStateKeys? {
        keys.last.flatMap { AppStateKeys(id: $0.id, key: $0.bytes) }
    }

    /// Makes a key of the next epoch.
    mutating func rotateKey(isWithheld: Bool, at now: Date, using random: inout some RandomNumberGenerator) {
        let epoch = (keys.last?.id.epoch ?? UInt32.random(in: 1...50_000, using: &random)) + 1
        keys.append(
            SyncKey(
                id: AppStateKeyID(device: 0, epoch: epoch),
                bytes: randomBytes(32, using: &random),
                createdAt: now,
                isWithheld: isWithheld
            )
        )
        if keys.count > 100 { keys.removeFirst() }
    }

    mutating func restoreKeys(_ keys: [SyncKey]) {
        self.keys = keys
    }

    mutating func markShared() {
        for index in keys.indices { keys[index].isWithheld = false }
    }

    /// Takes a companion's patch, when it was made on top of what is here; the new number.
    mutating func upload(_ patch: WASyncdPatch, to name: AppStateCollection, on number: UInt64) -> UInt64? {
        guard self[name].number == number else { return nil }
        var patch = patch
        patch.version.version = number + 1
        read(patch, in: name)
        append(patch, to: name)
        return number + 1
    }

    /// A patch of the phone's own.
    mutating func write(
        _ mutations: [AppStateMutation],
        to name: AppStateCollection,
        using random: inout some RandomNumberGenerator
    ) throws(AppStateError) -> WASyncdPatch {
        guard let keys = writingKeys else { throw .missingKeys([]) }
        let collection = self[name]
        var (patch, _) = try collection.version.writing(
            mutations,
            to: name,
            keys: keys,
            previous: collection.valueMACs,
            using: &random
        )
        patch.version.version = collection.number + 1
        read(patch, in: name)
        return patch
    }

    /// Keeps a patch for whoever asks.
    mutating func append(_ patch: WASyncdPatch, to name: AppStateCollection) {
        guard let bytes: [UInt8] = try? patch.serializedBytes() else { return }
        var collection = self[name]
        collection.patches.append(bytes)
        if collection.patches.count > Self.patchLimit {
            let old = Self.patchLimit / 2
            collection.patches.removeFirst(old)
            collection.first += UInt64(old)
        }
        collections[name] = collection
    }

    /// The phone reads a patch like any other device.
    private mutating func read(_ patch: WASyncdPatch, in name: AppStateCollection) {
        var collection = self[name]
        defer { collections[name] = collection }
        do {
            let step = try collection.version.applying(
                patch,
                number: patch.version.version,
                mutations: patch.mutations,
                to: name,
                keys: keyring,
                previous: collection.valueMACs
            )
            collection.version = step.version
            for mutation in step.mutations {
                collection.records[mutation.index] = mutation.operation == .set ? mutation : nil
            }
            for mutation in patch.mutations {
                let mac = [UInt8](mutation.record.index.blob)
                collection.sealed[mac] = mutation.operation == .set ? mutation.record : nil
            }
        } catch {
            collection.failure = "\(error)"
        }
    }
}

extension AccountAppState.Collection {
    /// The value MACs that stand under index MACs.
    var valueMACs: [[UInt8]: [UInt8]] {
        sealed.mapValues { [UInt8]($0.value.blob.suffix(32)) }
    }
}

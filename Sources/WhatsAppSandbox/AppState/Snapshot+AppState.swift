import Foundation
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs

extension Snapshot {
    /// An account's app state: its keys and, by collection, what stands in it.
    ///
    /// The patches that led there are not kept: companions that are behind get a snapshot of the collection.
    struct AppState: Codable, Sendable {
        struct Key: Codable, Sendable {
            var id: Data
            var key: Data
            var createdAt: Date
            var isWithheld: Bool
        }

        struct Collection: Codable, Sendable {
            var name: String
            var number: UInt64
            /// Encoded SyncdRecord.
            var records: [Data]
        }

        var keys: [Key]
        var collections: [Collection]

        /// Nil where there is nothing to keep.
        init?(_ state: AccountAppState) {
            guard !state.keys.isEmpty else { return nil }
            keys = state.keys.map {
                Key(id: Data($0.id.bytes), key: Data($0.bytes), createdAt: $0.createdAt, isWithheld: $0.isWithheld)
            }
            collections = AppStateCollection.allCases.compactMap { name in
                let collection = state[name]
                guard collection.number > 0 else { return nil }
                return Collection(
                    name: name.rawValue,
                    number: collection.number,
                    records: collection.sealed.values.compactMap { try? $0.serializedBytes() }
                )
            }
        }

        func restored() throws -> AccountAppState {
            var state = AccountAppState()
            state.restoreKeys(
                try keys.map { key in
                    guard let id = AppStateKeyID(key.id) else { throw AppStateError.malformed("key id") }
                    return AccountAppState.SyncKey(
                        id: id,
                        bytes: Array(key.key),
                        createdAt: key.createdAt,
                        isWithheld: key.isWithheld
                    )
                }
            )
            for stored in collections {
                guard let name = AppStateCollection(rawValue: stored.name), let keys = state.writingKeys else {
                    continue
                }
                let records = try stored.records.map { try WASyncdRecord(serializedBytes: $0) }
                state.collections[name] = try AccountAppState.Collection(
                    records,
                    number: stored.number,
                    of: name,
                    keys: keys,
                    keyring: state.keyring
                )
            }
            return state
        }
    }
}

extension AccountAppState.Collection {
    /// A collection of which only what stands in it is known.
    fileprivate init(
        _ records: [WASyncdRecord],
        number: UInt64,
        of name: AppStateCollection,
        keys: AppStateKeys,
        keyring: AppStateKeyring
    ) throws {
        var hash = LTHash()
        for record in records { hash.add([UInt8](record.value.blob.suffix(32))) }
        version = AppStateVersion(number: number, hash: hash)
        let step = try AppStateVersion.reading(version.snapshot(records, of: name, keys: keys), of: name, keys: keyring)
        first = number + 1
        for record in records { sealed[[UInt8](record.index.blob)] = record }
        for mutation in step.mutations { self.records[mutation.index] = mutation }
    }
}

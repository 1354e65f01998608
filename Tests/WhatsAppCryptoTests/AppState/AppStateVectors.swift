import Foundation
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs

/// Two patches of one collection, from `app-state.json`.
struct AppStateVectors: Decodable {
    struct Mutation: Decodable {
        let operation: Int
        let indexUTF8: String
        let syncActionData: HexBytes
        let indexMAC: HexBytes
        let valueMAC: HexBytes
        let valueBlob: HexBytes

        enum CodingKeys: String, CodingKey {
            case operation
            case indexUTF8 = "index_utf8"
            case syncActionData = "sync_action_data"
            case indexMAC = "index_mac"
            case valueMAC = "value_mac"
            case valueBlob = "value_blob"
        }
    }

    struct Patch: Decodable {
        let version: UInt64
        let mutations: [Mutation]
        let hashBefore: HexBytes
        let hashAfter: HexBytes
        let snapshotMAC: HexBytes
        let patchMAC: HexBytes

        enum CodingKeys: String, CodingKey {
            case version, mutations
            case hashBefore = "lthash_before"
            case hashAfter = "lthash_after"
            case snapshotMAC = "snapshot_mac"
            case patchMAC = "patch_mac"
        }
    }

    struct Expansion: Decodable {
        let valueMAC: HexBytes
        let expanded: HexBytes

        enum CodingKeys: String, CodingKey {
            case valueMAC = "value_mac"
            case expanded
        }
    }

    let keyID: HexBytes
    let key: HexBytes
    let first: Patch
    let second: Patch
    let expansion: Expansion

    enum CodingKeys: String, CodingKey {
        case keyID = "key_id"
        case key = "key_data"
        case first = "patch_1"
        case second = "patch_2"
        case expansion = "lthash_expand_example"
    }

    static func load() throws -> AppStateVectors {
        let url = try #require(
            Bundle.module.url(forResource: "app-state", withExtension: "json", subdirectory: "Fixtures")
        )
        return try JSONDecoder().decode(AppStateVectors.self, from: Data(contentsOf: url))
    }

    func keys() throws -> AppStateKeys {
        let id = try #require(AppStateKeyID(keyID.bytes))
        return try #require(AppStateKeys(id: id, key: key.bytes))
    }

    /// The patch as it would have come.
    func message(of patch: Patch) -> WASyncdPatch {
        var message = WASyncdPatch()
        message.version.version = patch.version
        message.snapshotMac = Data(patch.snapshotMAC.bytes)
        message.patchMac = Data(patch.patchMAC.bytes)
        message.keyID.id = Data(keyID.bytes)
        message.mutations = patch.mutations.map { mutation in
            var syncd = WASyncdMutation()
            syncd.operation = mutation.operation == 1 ? .remove : .set
            syncd.record.index.blob = Data(mutation.indexMAC.bytes)
            syncd.record.value.blob = Data(mutation.valueBlob.bytes)
            syncd.record.keyID.id = Data(keyID.bytes)
            return syncd
        }
        return message
    }
}

/// Bytes in hexadecimal.
struct HexBytes: Decodable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let digits = Array(try decoder.singleValueContainer().decode(String.self).utf8)
        bytes = stride(from: 0, to: digits.count - 1, by: 2)
            .compactMap { UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) }
    }
}

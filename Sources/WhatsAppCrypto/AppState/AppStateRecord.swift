internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
package import WhatsAppProtobufs

/// What a mutation does to its index.
package enum AppStateOperation: UInt8, Sendable {
    /// The value is the byte that stands for it in a value's MAC.
    case set = 1
    case remove = 2
}

/// A mutation that has been decrypted and checked.
package struct AppStateMutation: Sendable, Equatable {
    package var operation: AppStateOperation
    /// The name of the action first.
    package var index: [String]
    package var value: WASyncActionValue
    /// Of the action's form.
    package var version: Int32

    package init(_ operation: AppStateOperation, index: [String], value: WASyncActionValue, version: Int32) {
        self.operation = operation
        self.index = index
        self.value = value
        self.version = version
    }
}

/// A record as it travels: index MAC, value blob and key, lengths checked.
struct SealedRecord {
    static let macSize = 32
    /// IV, one block, MAC.
    static let minimumBlob = 16 + 16 + macSize
    static let maximumBlob = 1 << 20

    let indexMAC: [UInt8]
    /// IV and ciphertext.
    let sealed: ArraySlice<UInt8>
    let valueMAC: [UInt8]
    let keyID: AppStateKeyID

    init(_ record: WASyncdRecord) throws(AppStateError) {
        let blob = [UInt8](record.value.blob)
        guard record.index.blob.count == Self.macSize else { throw .malformed("index") }
        guard let keyID = AppStateKeyID(record.keyID.id) else { throw .malformed("key id") }
        guard blob.count >= Self.minimumBlob, blob.count % 16 == 0 else { throw .malformed("value") }
        guard blob.count <= Self.maximumBlob else { throw .tooLarge(limit: Self.maximumBlob) }
        indexMAC = [UInt8](record.index.blob)
        sealed = blob.dropLast(Self.macSize)
        valueMAC = Array(blob.suffix(Self.macSize))
        self.keyID = keyID
    }

    /// The mutation inside; nil when the MACs are right and what they protect is no action that can be read.
    func open(_ operation: AppStateOperation, with keys: AppStateKeys) throws(AppStateError) -> AppStateMutation? {
        let expected = Self.valueMAC(operation, sealed: sealed, keys: keys)
        guard constantTimeEqual(expected, valueMAC) else { throw .badValueMAC }
        let plaintext: Data
        do {
            plaintext = try AES._CBC.decrypt(
                sealed.dropFirst(16),
                using: keys.valueEncryption,
                iv: AES._CBC.IV(ivBytes: sealed.prefix(16))
            )
        } catch {
            return nil
        }
        guard let action = try? WASyncActionData(serializedBytes: plaintext) else { return nil }
        let index = [UInt8](action.index)
        let indexMAC = HMAC<SHA256>.authenticationCode(for: index, using: keys.index)
        guard constantTimeEqual(Array(indexMAC), self.indexMAC) else { throw .badIndexMAC }
        guard let parts = AppStateIndex.decode(index), !parts.isEmpty else { return nil }
        return AppStateMutation(operation, index: parts, value: action.value, version: action.version)
    }

    /// Encrypts a mutation.
    static func seal(
        _ mutation: AppStateMutation,
        keys: AppStateKeys,
        using random: inout some RandomNumberGenerator
    ) throws(AppStateError) -> WASyncdRecord {
        let index = AppStateIndex.encode(mutation.index)
        guard index.count <= AppStateIndex.limit else { throw .tooLarge(limit: AppStateIndex.limit) }
        var action = WASyncActionData()
        action.index = Data(index)
        action.value = mutation.value
        action.padding = Data()
        action.version = mutation.version
        let iv = randomBytes(16, using: &random)
        let ciphertext: Data
        do {
            ciphertext = try AES._CBC.encrypt(
                action.serializedBytes() as [UInt8],
                using: keys.valueEncryption,
                iv: AES._CBC.IV(ivBytes: iv)
            )
        } catch {
            throw .malformed("action")
        }
        let sealed = iv + ciphertext
        guard sealed.count + macSize <= maximumBlob else { throw .tooLarge(limit: maximumBlob) }
        var record = WASyncdRecord()
        record.index.blob = Data(HMAC<SHA256>.authenticationCode(for: index, using: keys.index))
        record.value.blob = Data(sealed + valueMAC(mutation.operation, sealed: sealed[...], keys: keys))
        record.keyID.id = Data(keys.id.bytes)
        return record
    }

    /// HMAC-SHA512 over operation, key id, IV, ciphertext and the length of the first two; its first half.
    private static func valueMAC(
        _ operation: AppStateOperation,
        sealed: ArraySlice<UInt8>,
        keys: AppStateKeys
    ) -> [UInt8] {
        var hmac = HMAC<SHA512>(key: keys.valueMAC)
        let associated = [operation.rawValue] + keys.id.bytes
        hmac.update(data: associated)
        hmac.update(data: sealed)
        hmac.update(data: bigEndian(UInt64(associated.count)))
        return Array(Array(hmac.finalize()).prefix(macSize))
    }
}

func bigEndian(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian, Array.init)
}

internal import Crypto
internal import Foundation

/// The name of a sync key: the device that made it and its epoch, six bytes.
package struct AppStateKeyID: Hashable, Sendable {
    /// Every key that is sent about has six; more than 32 are no name.
    package let bytes: [UInt8]

    package init?(_ bytes: some Collection<UInt8>) {
        guard (1...32).contains(bytes.count) else { return nil }
        self.bytes = Array(bytes)
    }

    package init(device: UInt16, epoch: UInt32) {
        bytes =
            withUnsafeBytes(of: device.bigEndian, Array.init) + withUnsafeBytes(of: epoch.bigEndian, Array.init)
    }

    /// Zero for a name of another form.
    package var device: UInt16 {
        bytes.count == 6 ? bytes.prefix(2).reduce(0) { $0 << 8 | UInt16($1) } : 0
    }

    /// Zero for a name of another form.
    package var epoch: UInt32 {
        bytes.count == 6 ? bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) } : 0
    }

    /// Whether patches are written with this key rather than the other: the newer epoch, then the lower device.
    package func isPreferred(over other: AppStateKeyID) -> Bool {
        if epoch != other.epoch { return epoch > other.epoch }
        if device != other.device { return device < other.device }
        return bytes.lexicographicallyPrecedes(other.bytes)
    }
}

/// The five keys that a sync key expands to.
package struct AppStateKeys: Sendable {
    package let id: AppStateKeyID
    let index: SymmetricKey
    let valueEncryption: SymmetricKey
    let valueMAC: SymmetricKey
    let snapshotMAC: SymmetricKey
    let patchMAC: SymmetricKey

    /// HKDF-SHA256 without salt to 160 bytes, info `WhatsApp Mutation Keys`.
    ///
    /// Nil when the key does not have 32 bytes.
    package init?(id: AppStateKeyID, key: some Collection<UInt8>) {
        guard key.count == 32 else { return nil }
        let expanded = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(key)),
            salt: [UInt8](),
            info: Array("WhatsApp Mutation Keys".utf8),
            outputByteCount: 160
        )
        let parts = expanded.withUnsafeBytes { bytes in
            stride(from: 0, to: 160, by: 32).map { SymmetricKey(data: bytes[$0..<$0 + 32]) }
        }
        self.id = id
        index = parts[0]
        valueEncryption = parts[1]
        valueMAC = parts[2]
        snapshotMAC = parts[3]
        patchMAC = parts[4]
    }
}

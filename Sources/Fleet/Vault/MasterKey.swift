import Crypto
package import SignalProtocol

/// The key that wraps the sessions' own keys.
///
/// It is not in the database: whoever has the database alone can read nothing of any session. Whoever loses the master key has
/// lost the sessions.
package struct MasterKey: Sendable {
    package static let fileName = "master.key"
    package static let length = 32

    /// Tells which master key wrapped a row; says nothing about the key.
    let id: String
    let key: DataKey

    private let secret: SecretBytes

    /// Takes 32 bytes.
    package init?(_ bytes: SecretBytes) {
        guard bytes.count == Self.length else { return nil }
        let symmetric = bytes.withBytes { SymmetricKey(data: $0) }
        let mark = HMAC<SHA256>.authenticationCode(for: Array("wharf master key".utf8), using: symmetric)
        id = mark.prefix(8).map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
        key = DataKey(symmetric)
        secret = bytes
    }

    /// A key of 32 bytes for another part of the program, which says nothing about this one.
    package func derived(for purpose: String) -> SecretBytes {
        let derived = secret.withBytes { bytes in
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: bytes),
                info: Array("wharf \(purpose)".utf8),
                outputByteCount: Self.length
            )
        }
        return SecretBytes(derived.withUnsafeBytes { Array($0) })
    }

    /// The key in a folder, nil where there is none.
    package static func load(fromFolder folder: String) throws(KeyFileError) -> MasterKey? {
        try KeyFile.load("\(folder)/\(fileName)", length: length).flatMap { MasterKey($0) }
    }

    /// Reads the key from a folder, or makes one at the first start.
    package static func loadOrCreate(inFolder folder: String) throws(KeyFileError) -> MasterKey {
        let path = "\(folder)/\(fileName)"
        guard let key = MasterKey(try KeyFile.loadOrCreate(path, length: length)) else { throw .damaged(path: path) }
        return key
    }
}

import Crypto
import Foundation
import SignalProtocol
import Synchronization

/// A value could not be opened: another key, another place, or changed bytes.
struct SealBroken: Error {}

/// The key that everything of one session is encrypted with at rest: AES-256-GCM.
///
/// What is sealed is bound to its place: session, table and name are authenticated with it, so that a row that was copied to
/// another place does not open there. Sealed form: nonce (12 bytes), ciphertext, tag (16 bytes).
struct DataKey: Sendable {
    static let overhead = AES256GCM.Nonce.length + AES256GCM.tagLength

    private static let nonces = Mutex(RandomNonces())
    private let key: SymmetricKey

    init(_ key: SymmetricKey) {
        self.key = key
    }

    static func random() -> DataKey {
        DataKey(SymmetricKey(size: .bits256))
    }

    /// Appends the sealed form of `plaintext`.
    func seal(_ plaintext: [UInt8], in place: SealedPlace, to output: inout [UInt8]) {
        let bytes = Self.nonces.withLock { $0.next() }
        guard let nonce = AES256GCM.Nonce(bytes) else { return }
        let start = output.count
        output.append(contentsOf: bytes)
        // Sealing fails for lengths that no value has, and then nothing is appended, which never opens.
        if !AES256GCM.seal(plaintext, key: key, nonce: nonce, authenticating: place.bytes, to: &output) {
            output.removeSubrange(start...)
        }
    }

    func seal(_ plaintext: [UInt8], in place: SealedPlace) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(plaintext.count + Self.overhead)
        seal(plaintext, in: place, to: &output)
        return output
    }

    func open(_ sealed: [UInt8], in place: SealedPlace) throws(SealBroken) -> [UInt8] {
        guard sealed.count >= Self.overhead, let nonce = AES256GCM.Nonce(sealed.prefix(AES256GCM.Nonce.length)),
            let plaintext = AES256GCM.open(
                sealed.dropFirst(AES256GCM.Nonce.length),
                key: key,
                nonce: nonce,
                authenticating: place.bytes
            )
        else { throw SealBroken() }
        return plaintext
    }

    /// The key itself, sealed with another.
    func wrapped(with other: DataKey, in place: SealedPlace) -> [UInt8] {
        key.withUnsafeBytes { other.seal(Array($0), in: place) }
    }

    static func unwrap(_ wrapped: [UInt8], with other: DataKey, in place: SealedPlace) throws(SealBroken) -> DataKey {
        let key = SecretBytes(try other.open(wrapped, in: place))
        guard key.count == 32 else { throw SealBroken() }
        return DataKey(key.withBytes { SymmetricKey(data: $0) })
    }
}

/// Where something sealed belongs.
struct SealedPlace {
    let bytes: [UInt8]

    private enum Table: UInt8 {
        case key = 1
        case credentials = 2
        case record = 3
        case message = 4
        case setting = 5
    }

    private init(_ session: SessionID, _ table: Table, _ kind: Int16 = 0, _ names: String...) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        withUnsafeBytes(of: session.rawValue.uuid) { bytes.append(contentsOf: $0) }
        bytes.append(table.rawValue)
        withUnsafeBytes(of: kind.bigEndian) { bytes.append(contentsOf: $0) }
        for name in names {
            // The lengths keep ("ab", "c") and ("a", "bc") apart.
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: name.utf8.count)) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: name.utf8)
        }
        self.bytes = bytes
    }

    static func key(of session: SessionID) -> SealedPlace { SealedPlace(session, .key) }

    static func credentials(of session: SessionID) -> SealedPlace { SealedPlace(session, .credentials) }

    static func record(of session: SessionID, kind: Int16, name: String) -> SealedPlace {
        SealedPlace(session, .record, kind, name)
    }

    static func setting(of session: SessionID, name: String) -> SealedPlace {
        SealedPlace(session, .setting, 0, name)
    }

    static func message(of session: SessionID, chat: String, id: String, sender: String) -> SealedPlace {
        SealedPlace(session, .message, 0, chat, id, sender)
    }
}

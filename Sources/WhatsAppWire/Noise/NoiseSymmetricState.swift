internal import Crypto
internal import Foundation
internal import SignalProtocol

/// The running hash and keys of a Noise handshake with AES-256-GCM and SHA-256.
struct NoiseSymmetricState {
    /// The patterns in use, by their protocol names.
    enum Pattern: String {
        case xx = "Noise_XX_25519_AESGCM_SHA256"
        case ik = "Noise_IK_25519_AESGCM_SHA256"
        case xxFallback = "Noise_XXfallback_25519_AESGCM_SHA256"
    }

    private(set) var hash: [UInt8]
    private(set) var chainingKey: [UInt8]
    private var key: SymmetricKey
    private var counter: UInt32 = 0

    /// Starts with the protocol's name and the prologue.
    init(_ pattern: Pattern) {
        var name = Array(pattern.rawValue.utf8)
        if name.count <= 32 {
            name.append(contentsOf: repeatElement(0, count: 32 - name.count))
        } else {
            name = Array(SHA256.hash(data: name))
        }
        hash = name
        chainingKey = name
        key = SymmetricKey(data: name)
        mixHash(Frame.prologue)
    }

    mutating func mixHash(_ bytes: some Collection<UInt8>) {
        var hasher = SHA256()
        hasher.update(data: hash)
        hasher.update(data: Array(bytes))
        hash = Array(hasher.finalize())
    }

    mutating func mixKey(_ secret: SecretBytes) {
        let output = secret.withBytes { derive(from: $0) }
        chainingKey = Array(output.prefix(32))
        key = SymmetricKey(data: output.suffix(32))
        counter = 0
    }

    mutating func encryptAndHash(_ plaintext: [UInt8]) throws(NoiseError) -> [UInt8] {
        let sealed = try NoiseCipher.seal(plaintext, key: key, counter: counter, authenticating: hash)
        counter &+= 1
        mixHash(sealed)
        return sealed
    }

    mutating func decryptAndHash(_ ciphertext: [UInt8]) throws(NoiseError) -> [UInt8] {
        let plaintext = try NoiseCipher.open(ciphertext, key: key, counter: counter, authenticating: hash)
        counter &+= 1
        mixHash(ciphertext)
        return plaintext
    }

    /// The two keys of the transport: the client's sending key, then the server's.
    func split() -> (client: SymmetricKey, server: SymmetricKey) {
        let output = derive(from: UnsafeRawBufferPointer(start: nil, count: 0))
        return (SymmetricKey(data: output.prefix(32)), SymmetricKey(data: output.suffix(32)))
    }

    /// HKDF-SHA256 with the chaining key as salt, 64 bytes.
    private func derive(from secret: UnsafeRawBufferPointer) -> [UInt8] {
        let output = HKDF<SHA256>
            .deriveKey(
                inputKeyMaterial: SymmetricKey(data: secret),
                salt: chainingKey,
                info: [UInt8](),
                outputByteCount: 64
            )
        return output.withUnsafeBytes { Array($0) }
    }
}

internal import Crypto
internal import SignalProtocol

/// AES-256-GCM with the nonce of Noise.
enum NoiseCipher {
    /// The ciphertext with its tag.
    static func seal(
        _ plaintext: [UInt8],
        key: SymmetricKey,
        counter: UInt32,
        authenticating: [UInt8]
    ) throws(NoiseError) -> [UInt8] {
        var sealed: [UInt8] = []
        sealed.reserveCapacity(plaintext.count + AES256GCM.tagLength + 1)
        let nonce = AES256GCM.Nonce(counter: counter)
        guard AES256GCM.seal(plaintext, key: key, nonce: nonce, authenticating: authenticating, to: &sealed) else {
            throw .authenticationFailed
        }
        return sealed
    }

    /// What was sealed; throws `authenticationFailed` for anything that was not sealed so.
    static func open(
        _ ciphertext: [UInt8],
        key: SymmetricKey,
        counter: UInt32,
        authenticating: [UInt8]
    ) throws(NoiseError) -> [UInt8] {
        let nonce = AES256GCM.Nonce(counter: counter)
        let opened = AES256GCM.open(ciphertext[...], key: key, nonce: nonce, authenticating: authenticating)
        guard let opened else { throw .authenticationFailed }
        return opened
    }
}

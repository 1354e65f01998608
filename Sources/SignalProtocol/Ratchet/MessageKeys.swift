/// The keys of one message between two devices.
struct MessageKeys {
    let cipher: CBCKeys
    let macKey: Key256

    init(seed: Key256) {
        var expansion = KeyExpansion(of: seed, info: "WhisperMessageKeys")
        let cipherKey = expansion.next()
        macKey = expansion.next()
        let iv = expansion.next().words
        cipher = CBCKeys(cipherKey: cipherKey, iv: (iv.0, iv.1))
    }
}

/// The root of a session and the first key of a chain that grew from it.
struct RootKey {
    /// One turn of the Diffie-Hellman ratchet.
    static func step(_ root: Key256, agreement: Key256) -> (root: Key256, chain: Key256) {
        var expansion = KeyExpansion(of: agreement, salt: root, info: "WhisperRatchet")
        return (expansion.next(), expansion.next())
    }
}

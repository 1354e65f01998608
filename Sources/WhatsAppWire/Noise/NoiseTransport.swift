package import Crypto

/// The ciphers after a handshake: one key and one counter a direction.
///
/// Sealing and writing must be one step for the caller: a frame that is lost or overtaken makes all later ones unreadable.
package struct NoiseTransport: Sendable {
    private let sendingKey: SymmetricKey
    private let receivingKey: SymmetricKey
    private var sent: UInt32 = 0
    private var received: UInt32 = 0

    package init(sendingKey: SymmetricKey, receivingKey: SymmetricKey) {
        self.sendingKey = sendingKey
        self.receivingKey = receivingKey
    }

    /// A frame's payload for a plaintext: ciphertext and tag.
    package mutating func seal(_ plaintext: [UInt8]) throws(NoiseError) -> [UInt8] {
        guard sent < .max else { throw .counterExhausted }
        defer { sent += 1 }
        return try NoiseCipher.seal(plaintext, key: sendingKey, counter: sent, authenticating: [])
    }

    /// The plaintext of a frame's payload.
    ///
    /// After an error the connection is of no use any more.
    package mutating func open(_ ciphertext: [UInt8]) throws(NoiseError) -> [UInt8] {
        guard received < .max else { throw .counterExhausted }
        defer { received += 1 }
        return try NoiseCipher.open(ciphertext, key: receivingKey, counter: received, authenticating: [])
    }
}

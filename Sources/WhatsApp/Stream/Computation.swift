package import SignalProtocol

/// Work for a thread that may take its time.
package enum Computation: Sendable {
    /// PBKDF2 and AES-CTR over a public key that a pairing code hides.
    case pairingCode(PairingCodeCipher, input: [UInt8], purpose: PairingCodeCipher.Purpose)
    /// Fresh one-time pre-keys, from this identifier on.
    case preKeys(first: UInt32, count: Int)

    package enum Outcome: Sendable {
        case pairingCode(output: [UInt8], purpose: PairingCodeCipher.Purpose)
        case preKeys([PreKey])
    }

    /// Does the work; to be called off the event loops.
    package func run(using random: inout some RandomNumberGenerator) -> Outcome {
        switch self {
        case .pairingCode(let cipher, let input, let purpose):
            let output = cipher.apply(to: input)
            return switch purpose {
            case .hideOwnKey: .pairingCode(output: cipher.salt + cipher.vector + output, purpose: purpose)
            case .revealPhoneKey: .pairingCode(output: output, purpose: purpose)
            }
        case .preKeys(let first, let count):
            var id = min(max(first, 1), LoginEngine.lastPreKeyID)
            var keys: [PreKey] = []
            keys.reserveCapacity(count)
            for _ in 0..<count {
                keys.append(PreKey(id: id, keyPair: .generate(using: &random)))
                id = id == LoginEngine.lastPreKeyID ? 1 : id + 1
            }
            return .preKeys(keys)
        }
    }
}

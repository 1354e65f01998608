/// One message to a group.
///
/// Wire form: `33 || SenderKeyMessage || XEdDSA signature of 64 bytes over all before it`.
struct SenderKeyMessage {
    let frame: [UInt8]
    let id: UInt32
    let iteration: UInt32
    let ciphertext: ArraySlice<UInt8>

    init(_ frame: [UInt8]) throws(SignalError) {
        try SignalEnvelope.checkVersion(frame)
        var reader = try EnvelopeReader(frame, from: 1, trailer: XEdDSA.signatureLength)
        var id: UInt32?
        var iteration: UInt32?
        var ciphertext: ArraySlice<UInt8>?
        while let (field, value) = try reader.next() {
            switch field {
            case 1: id = try value.number
            case 2: iteration = try value.number
            case 3: ciphertext = try value.bytes(of: frame)
            default: break
            }
        }
        guard let id, let iteration, let ciphertext else { throw .malformed }
        self.frame = frame
        self.id = id
        self.iteration = iteration
        self.ciphertext = ciphertext
    }

    /// The bytes that are signed.
    static func signedPart(id: UInt32, iteration: UInt32, ciphertext: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ciphertext.count + 96)
        bytes.append(SignalEnvelope.version)
        bytes.appendField(1, number: id)
        bytes.appendField(2, number: iteration)
        bytes.appendField(3, bytes: ciphertext)
        return bytes
    }

    func isSigned(with key: Key256, keeping point: inout VerifyingPoint) -> Bool {
        XEdDSA.isValid(
            frame.suffix(XEdDSA.signatureLength),
            for: frame.dropLast(XEdDSA.signatureLength),
            publicKey: key,
            keeping: &point
        )
    }
}

/// What a device must have to read another's messages to a group from one of them on.
///
/// Wire form: `33 || SenderKeyDistributionMessage`.
package struct SenderKeyDistribution: Sendable, Equatable {
    package let id: UInt32
    package let iteration: UInt32
    let chainKey: Key256
    let signingKey: Key256

    init(id: UInt32, iteration: UInt32, chainKey: Key256, signingKey: Key256) {
        self.id = id
        self.iteration = iteration
        self.chainKey = chainKey
        self.signingKey = signingKey
    }

    package init(_ bytes: some Collection<UInt8>) throws(SignalError) {
        let frame = Array(bytes)
        try SignalEnvelope.checkVersion(frame)
        var reader = try EnvelopeReader(frame, from: 1, trailer: 0)
        var id: UInt32?
        var iteration: UInt32?
        var chainKey: Key256?
        var signingKey: Key256?
        while let (field, value) = try reader.next() {
            switch field {
            case 1: id = try value.number
            case 2: iteration = try value.number
            case 3: chainKey = try value.key(of: frame)
            case 4: signingKey = try value.publicKey(of: frame)
            default: break
            }
        }
        guard let id, let iteration, let chainKey, let signingKey else { throw .malformed }
        self.init(id: id, iteration: iteration, chainKey: chainKey, signingKey: signingKey)
    }

    package func serialized() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(96)
        bytes.append(SignalEnvelope.version)
        bytes.appendField(1, number: id)
        bytes.appendField(2, number: iteration)
        bytes.appendField(3, bytes: chainKey.bytes)
        bytes.appendField(4, publicKey: signingKey)
        return bytes
    }
}

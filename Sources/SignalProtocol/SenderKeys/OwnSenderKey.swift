/// The sender key under which this device writes to one group.
package struct OwnSenderKey: Sendable, Equatable {
    /// Random, 1...2³¹ − 1.
    package let id: UInt32
    var chain: ChainKey
    let signing: Curve25519KeyPair
    private var signingPoint = SigningPoint()

    private static let recordVersion: UInt8 = 1

    init(id: UInt32, chain: ChainKey, signing: Curve25519KeyPair) {
        self.id = id
        self.chain = chain
        self.signing = signing
    }

    package static func generate(using random: inout some RandomNumberGenerator) -> OwnSenderKey {
        OwnSenderKey(
            id: UInt32.random(in: 1...0x7fff_ffff, using: &random),
            chain: ChainKey(key: Key256(random: &random), index: 0),
            signing: .generate(using: &random)
        )
    }

    /// The number of the next message.
    package var iteration: UInt32 { chain.index }

    /// What lets a device read from the next message on, and none before it.
    package func distribution() -> [UInt8] {
        SenderKeyDistribution(
            id: id,
            iteration: chain.index,
            chainKey: chain.key,
            signingKey: Key256(signing.publicKey) ?? Key256()
        ).serialized()
    }

    /// Encrypts a message to the group, as it goes into an `enc` node of type `skmsg`.
    package mutating func encrypt(
        _ plaintext: [UInt8],
        using random: inout some RandomNumberGenerator
    ) throws(SignalError) -> [UInt8] {
        var next = chain
        let keys = CBCKeys(groupSeed: try next.advance())
        var frame = SenderKeyMessage.signedPart(
            id: id,
            iteration: chain.index,
            ciphertext: try keys.encrypt(plaintext)
        )
        let signature = XEdDSA.sign(frame, with: signing, keeping: &signingPoint, using: &random)
        guard signature.count == XEdDSA.signatureLength else { throw .cipherUnavailable }
        frame.append(contentsOf: signature)
        chain = next
        return frame
    }

    /// Reads what `serialized()` gave.
    package init(serialized: some Collection<UInt8>) throws(SignalError) {
        var reader = try RecordReader(serialized, version: Self.recordVersion)
        id = try reader.number()
        chain = ChainKey(key: try reader.key(), index: try reader.number())
        let privateKey = try reader.key()
        guard let pair = try? Curve25519KeyPair(privateKey: privateKey.bytes) else { throw .corruptRecord }
        signing = pair
        try reader.finish()
    }

    package func serialized() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(80)
        bytes.append(Self.recordVersion)
        bytes.appendVarint(UInt64(id))
        bytes.append(chain.key)
        bytes.appendVarint(UInt64(chain.index))
        bytes.append(contentsOf: signing.privateKey.reveal())
        return bytes
    }
}

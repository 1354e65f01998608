/// One message of an established session.
///
/// Wire form: `33 || SignalMessage || first 8 bytes of an HMAC`.
struct SignalMessage {
    let frame: [UInt8]
    let ratchetKey: Key256
    let counter: UInt32
    let previousCounter: UInt32
    let ciphertext: ArraySlice<UInt8>

    init(_ frame: [UInt8]) throws(SignalError) {
        try SignalEnvelope.checkVersion(frame)
        var reader = try EnvelopeReader(frame, from: 1, trailer: SignalEnvelope.macLength)
        var ratchetKey: Key256?
        var counter: UInt32?
        var previousCounter: UInt32 = 0
        var ciphertext: ArraySlice<UInt8>?
        while let (field, value) = try reader.next() {
            switch field {
            case 1: ratchetKey = try value.publicKey(of: frame)
            case 2: counter = try value.number
            case 3: previousCounter = try value.number
            case 4: ciphertext = try value.bytes(of: frame)
            default: break
            }
        }
        guard let ratchetKey, let counter, let ciphertext else { throw .malformed }
        self.frame = frame
        self.ratchetKey = ratchetKey
        self.counter = counter
        self.previousCounter = previousCounter
        self.ciphertext = ciphertext
    }

    /// The frame of a new message.
    static func frame(
        ratchetKey: Key256,
        counter: UInt32,
        previousCounter: UInt32,
        ciphertext: [UInt8],
        macKey: Key256,
        sender: Key256,
        receiver: Key256
    ) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(ciphertext.count + 64)
        frame.append(SignalEnvelope.version)
        frame.appendField(1, publicKey: ratchetKey)
        frame.appendField(2, number: counter)
        frame.appendField(3, number: previousCounter)
        frame.appendField(4, bytes: ciphertext)
        let mac = mac(of: frame[...], key: macKey, sender: sender, receiver: receiver)
        mac.withBytes { frame.append(contentsOf: $0.prefix(SignalEnvelope.macLength)) }
        return frame
    }

    func isAuthentic(macKey: Key256, sender: Key256, receiver: Key256) -> Bool {
        let mac = Self.mac(
            of: frame.dropLast(SignalEnvelope.macLength),
            key: macKey,
            sender: sender,
            receiver: receiver
        )
        return mac.withBytes { mac in
            constantTimeEqual(mac.prefix(SignalEnvelope.macLength), frame.suffix(SignalEnvelope.macLength))
        }
    }

    private static func mac(of bytes: ArraySlice<UInt8>, key: Key256, sender: Key256, receiver: Key256) -> Key256 {
        var mac = HMACSHA256(key: key)
        mac.update(SignalEnvelope.keyType)
        mac.update(sender)
        mac.update(SignalEnvelope.keyType)
        mac.update(receiver)
        bytes.withUnsafeBytes { mac.update($0) }
        return mac.finish()
    }
}

/// A message that also tells how its session was begun.
///
/// Wire form: `33 || PreKeySignalMessage`, whose field 4 holds a whole `SignalMessage` frame.
package struct PreKeySignalMessage: Sendable {
    /// Nil when the sender used no one-time pre-key; 0 means the same, since no device hands out that number.
    package let preKeyID: UInt32?
    package let signedPreKeyID: UInt32
    package let registrationID: UInt32
    /// The frame inside.
    package let message: [UInt8]
    let identity: Key256
    let base: Key256

    /// The sender's identity key, 32 bytes.
    package var identityKey: [UInt8] { identity.bytes }
    /// The key that names the session, 32 bytes.
    package var baseKey: [UInt8] { base.bytes }

    package init(_ bytes: some Collection<UInt8>) throws(SignalError) {
        let frame = Array(bytes)
        try SignalEnvelope.checkVersion(frame)
        var reader = try EnvelopeReader(frame, from: 1, trailer: 0)
        var preKeyID: UInt32?
        var signedPreKeyID: UInt32?
        var registrationID: UInt32 = 0
        var identity: Key256?
        var base: Key256?
        var message: ArraySlice<UInt8>?
        while let (field, value) = try reader.next() {
            switch field {
            case 1: preKeyID = try value.number
            case 2: base = try value.publicKey(of: frame)
            case 3: identity = try value.publicKey(of: frame)
            case 4: message = try value.bytes(of: frame)
            case 5: registrationID = try value.number
            case 6: signedPreKeyID = try value.number
            default: break
            }
        }
        guard let signedPreKeyID, let identity, let base, let message else { throw .malformed }
        self.preKeyID = preKeyID == 0 ? nil : preKeyID
        self.signedPreKeyID = signedPreKeyID
        self.registrationID = registrationID
        self.identity = identity
        self.base = base
        self.message = Array(message)
    }

    /// The frame around a message of a session that the other side may not know yet.
    static func frame(
        _ message: [UInt8],
        pending: PendingPreKey,
        base: Key256,
        identity: Key256,
        registrationID: UInt32
    ) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(message.count + 96)
        frame.append(SignalEnvelope.version)
        if let id = pending.preKeyID { frame.appendField(1, number: id) }
        frame.appendField(2, publicKey: base)
        frame.appendField(3, publicKey: identity)
        frame.appendField(4, bytes: message)
        frame.appendField(5, number: registrationID)
        frame.appendField(6, number: pending.signedPreKeyID)
        return frame
    }
}

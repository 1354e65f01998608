/// An encrypted message between two devices, as it goes into an `enc` node.
package enum SignalCiphertext: Sendable, Equatable {
    /// Type `msg`.
    case message([UInt8])
    /// Type `pkmsg`: the other side may not know the session yet.
    case preKeyMessage([UInt8])
}

/// All that one device keeps of its conversation with another: the current ratchet and those that it replaced.
///
/// Two devices may begin a session at the same moment, and messages may be late; whichever state a message belongs to
/// becomes the current one, so that both sides end with the same. Errors leave the record as it was.
package struct SignalSession: Sendable, Equatable {
    var current: SessionState?
    /// Newest first.
    var archived: [SessionState] = []

    static let archiveLimit = 40
    /// Keys of skipped messages in all states together, 144 kB of them; the oldest go first.
    static let skippedLimit = 4000

    package init() {}

    package var hasCurrentState: Bool { current != nil }
    /// 32 bytes.
    package var remoteIdentity: [UInt8]? { current?.remoteIdentity.bytes }
    package var remoteRegistrationID: UInt32? { current?.remoteRegistrationID }
    /// The key that names the current session, 32 bytes.
    package var baseKey: [UInt8]? { current?.baseKey.bytes }
    /// Whether the other side has not answered yet, so that messages still carry the keys that began the session.
    package var isUnacknowledged: Bool { current?.pending != nil }

    /// Whether there is a state of that base key (32 bytes), so that a message of it needs no pre-keys.
    package func knows(baseKey: [UInt8]) -> Bool {
        guard let key = Key256(baseKey) else { return false }
        return current?.baseKey == key || archived.contains { $0.baseKey == key }
    }

    /// Begins a session with a device; the current state goes to the archive.
    package mutating func start(
        with bundle: PreKeyBundle,
        local: LocalIdentity,
        using random: inout some RandomNumberGenerator
    ) throws(SignalError) {
        let state = try SessionState(with: bundle, local: local, using: &random)
        archiveCurrent()
        current = state
    }

    /// Puts the current state away; there is none until a session is begun or a message of an old one comes.
    package mutating func archiveCurrent() {
        guard let state = current else { return }
        current = nil
        archived.insert(state, at: 0)
        if archived.count > Self.archiveLimit { archived.removeLast(archived.count - Self.archiveLimit) }
    }

    package mutating func encrypt(_ plaintext: [UInt8], local: LocalIdentity) throws(SignalError) -> SignalCiphertext {
        guard current != nil, let ciphertext = try current?.encrypt(plaintext, local: local) else { throw .noSession }
        return ciphertext
    }

    /// Decrypts a `msg`: with the current state, or with the newest archived one that can.
    package mutating func decrypt(
        _ message: some Collection<UInt8>,
        local: LocalIdentity,
        using random: inout some RandomNumberGenerator
    ) throws(SignalError) -> [UInt8] {
        let message = try SignalMessage(Array(message))
        var reason = SignalError.noSession
        if current != nil {
            do {
                if let plaintext = try current?.decrypt(message, local: local, using: &random) {
                    boundSkipped()
                    return plaintext
                }
            } catch {
                if case .duplicate = error { throw error }
                reason = error
            }
        }
        for position in archived.indices {
            do {
                let plaintext = try archived[position].decrypt(message, local: local, using: &random)
                promote(position)
                boundSkipped()
                return plaintext
            } catch {
                if case .duplicate = error { throw error }
            }
        }
        throw reason
    }

    /// Decrypts a `pkmsg`, which may begin a session.
    ///
    /// The pre-keys are those that the message names, nil where there is none of that number; they do not matter when
    /// the record knows the base key. The caller has looked at the identity key, and takes the one-time pre-key away
    /// when this has returned and the record is stored.
    package mutating func decrypt(
        _ message: PreKeySignalMessage,
        local: LocalIdentity,
        signedPreKey: SignedPreKey?,
        preKey: PreKey?,
        using random: inout some RandomNumberGenerator
    ) throws(SignalError) -> [UInt8] {
        let inner = try SignalMessage(message.message)
        if current?.isOf(message) == true, let plaintext = try current?.decrypt(inner, local: local, using: &random) {
            boundSkipped()
            return plaintext
        }
        if let position = archived.firstIndex(where: { $0.isOf(message) }) {
            let plaintext = try archived[position].decrypt(inner, local: local, using: &random)
            promote(position)
            boundSkipped()
            return plaintext
        }
        guard let signedPreKey, signedPreKey.id == message.signedPreKeyID else {
            throw .unknownSignedPreKey(message.signedPreKeyID)
        }
        if let id = message.preKeyID {
            guard preKey?.id == id else { throw .unknownPreKey(id) }
        }
        var state = try SessionState(
            answering: message,
            local: local,
            signedPreKey: signedPreKey,
            preKey: message.preKeyID == nil ? nil : preKey
        )
        let plaintext = try state.decrypt(inner, local: local, using: &random)
        archiveCurrent()
        current = state
        boundSkipped()
        return plaintext
    }

    /// Writes with the state of that base key (32 bytes) from now on, where there is one.
    package mutating func use(baseKey: [UInt8]) {
        guard let key = Key256(baseKey), current?.baseKey != key,
            let position = archived.firstIndex(where: { $0.baseKey == key })
        else { return }
        promote(position)
    }

    private mutating func promote(_ position: Int) {
        let state = archived.remove(at: position)
        archiveCurrent()
        current = state
    }

    /// Keeps a peer that skips messages on purpose from growing the record.
    mutating func boundSkipped() {
        var room = Self.skippedLimit
        guard (current?.skippedCount ?? 0) + archived.reduce(0, { $0 + $1.skippedCount }) > room else { return }
        current?.boundSkipped(&room)
        for position in archived.indices { archived[position].boundSkipped(&room) }
    }
}

extension SessionState {
    fileprivate func isOf(_ message: PreKeySignalMessage) -> Bool {
        baseKey == message.base && remoteIdentity == message.identity
    }

    fileprivate mutating func boundSkipped(_ room: inout Int) {
        for position in receiving.indices.reversed() {
            receiving[position].keys.forget(keeping: room)
            room -= receiving[position].keys.skipped.count
        }
    }
}

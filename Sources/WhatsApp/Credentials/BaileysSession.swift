package import Foundation
package import SignalProtocol

/// Ratchet records as Baileys keeps them in `session-….json`, both ways.
package enum BaileysSession {
    private static let limits = JSONLimits(bytes: 4 << 20, depth: 32, values: 400_000)

    /// Reads a SessionRecord of libsignal-node (credentials.md 4.1).
    ///
    /// The open session becomes the current state, closed ones are archived by the time of their last use.
    package static func decode(_ json: [UInt8]) throws(CredentialsImportError) -> SignalSession {
        let file = try BaileysRecord(file: JSONValue.parse(json, limits: limits))
        guard file.value("_sessions") != nil else { return SignalSession() }
        var current: SessionParts?
        var archived: [(used: Int64, parts: SessionParts)] = []
        for (name, record) in try file.record("_sessions").records() {
            let index = try record.record("indexInfo")
            // Files of the first version keep the number once for all their sessions.
            let holder = record.value("registrationId") == nil ? file : record
            let parts = try parts(
                of: record,
                named: name,
                registrationID: holder.number("registrationId", in: anyNumber)
            )
            if current == nil, try index.integer("closed", in: anyTime) == -1 {
                current = parts
            } else {
                archived.append((try index.integer("used", in: anyTime), parts))
            }
        }
        archived.sort { $0.used > $1.used }
        do {
            return try SignalSession(current: current, archived: archived.map(\.parts))
        } catch {
            throw .invalidValue(field: "_sessions")
        }
    }

    private static let anyNumber: ClosedRange<UInt32> = 0...UInt32.max
    private static let anyTime: ClosedRange<Int64> = -1...(1 << 53)
    /// Sending and receiving, in `chainType`.
    private static let sending: Int64 = 1
    private static let receiving: Int64 = 2

    private static func parts(
        of record: BaileysRecord,
        named name: String,
        registrationID: UInt32
    ) throws(CredentialsImportError) -> SessionParts {
        let index = try record.record("indexInfo")
        let baseKey = try publicKey(index, "baseKey")
        guard Base64.decode(name).map({ $0.dropFirst().elementsEqual(baseKey) }) ?? false else {
            throw .invalidValue(field: index.field("baseKey"))
        }
        let ratchet = try record.record("currentRatchet")
        let pair = try ephemeral(in: ratchet)
        var sendingChain: ChainParts?
        var receivingChains: [SessionParts.Receiving] = []
        for (name, chain) in try record.record("_chains").records() {
            guard let bytes = Base64.decode(name), let key = publicKey(bytes) else {
                throw .invalidValue(field: chain.field(""))
            }
            switch try chain.integer("chainType", in: sending...receiving) {
            case sending:
                if key == pair.publicKey { sendingChain = try self.chain(chain) }
            default:
                receivingChains.append(SessionParts.Receiving(ratchetKey: key, chain: try self.chain(chain)))
            }
        }
        guard let sendingChain, sendingChain.key != nil else { throw .missingField(record.field("_chains")) }
        // The chain of the key heard last goes last, wherever it stands in the file.
        let latest = try publicKey(ratchet, "lastRemoteEphemeralKey")
        let ordered =
            receivingChains.filter { $0.ratchetKey != latest }
            + receivingChains.filter { $0.ratchetKey == latest }
        return SessionParts(
            remoteIdentity: try publicKey(index, "remoteIdentityKey"),
            remoteRegistrationID: registrationID,
            baseKey: baseKey,
            rootKey: try ratchet.bytes("rootKey", count: 32),
            ratchet: pair,
            sending: sendingChain,
            // Old files have -1 where nothing had been sent.
            previousCounter: UInt32(clamping: try ratchet.integer("previousCounter", in: -1...Int64(UInt32.max))),
            receiving: ordered,
            pending: try pending(in: record)
        )
    }

    private static func ephemeral(in ratchet: BaileysRecord) throws(CredentialsImportError) -> Curve25519KeyPair {
        let record = try ratchet.record("ephemeralKeyPair")
        let publicKey = try publicKey(record, "pubKey")
        guard let pair = try? Curve25519KeyPair(privateKey: try record.bytes("privKey", count: 32)),
            pair.publicKey == publicKey
        else { throw .mismatchedKeyPair(field: ratchet.field("ephemeralKeyPair")) }
        return pair
    }

    private static func pending(in record: BaileysRecord) throws(CredentialsImportError) -> SessionParts.Pending? {
        guard record.value("pendingPreKey") != nil else { return nil }
        let pending = try record.record("pendingPreKey")
        return SessionParts.Pending(
            preKeyID: pending.value("preKeyId") == nil ? nil : try pending.number("preKeyId", in: anyNumber),
            signedPreKeyID: try pending.number("signedKeyId", in: anyNumber)
        )
    }

    /// `counter` is the last message that the chain gave a key for; -1 for none.
    private static func chain(_ record: BaileysRecord) throws(CredentialsImportError) -> ChainParts {
        let chainKey = try record.record("chainKey")
        let counter = try chainKey.integer("counter", in: -1...Int64(UInt32.max) - 2)
        var skipped: [ChainParts.Skipped] = []
        if record.value("messageKeys") != nil {
            let keys = try record.record("messageKeys")
            for name in keys.names {
                guard let counter = UInt32(name), counter < .max else { throw .invalidValue(field: keys.field(name)) }
                skipped.append(ChainParts.Skipped(counter: counter, seed: try keys.bytes(name, count: 32)))
            }
        }
        skipped.sort { $0.counter < $1.counter }
        return ChainParts(
            key: chainKey.value("key") == nil ? nil : try chainKey.bytes("key", count: 32),
            index: UInt32(clamping: counter + 1),
            skipped: skipped
        )
    }

    private static func publicKey(_ record: BaileysRecord, _ name: String) throws(CredentialsImportError) -> [UInt8] {
        guard let key = publicKey(try record.bytes(name, count: 33)) else {
            throw .invalidValue(field: record.field(name))
        }
        return key
    }

    /// 33 bytes, the first of them 5.
    private static func publicKey(_ bytes: [UInt8]) -> [UInt8]? {
        bytes.count == 33 && bytes.first == 0x05 ? Array(bytes.dropFirst()) : nil
    }
}

extension BaileysSession {
    /// Writes a SessionRecord; `now` stands for the times that our record does not keep.
    package static func encode(_ session: SignalSession, at now: Date) -> [UInt8] {
        let milliseconds = Int64(clamping: Int(now.timeIntervalSince1970 * 1000))
        var file = BaileysWriter()
        file.object("_sessions") { sessions in
            if let parts = session.currentParts { write(parts, to: &sessions, closed: -1, used: milliseconds) }
            for (position, parts) in session.archivedParts.enumerated() {
                let used = milliseconds - 1 - Int64(position)
                write(parts, to: &sessions, closed: used, used: used)
            }
        }
        file.text("version", "v1")
        return file.finish()
    }

    private static func typed(_ key: [UInt8]) -> String { Base64.encode([0x05] + key) }

    private static func write(_ parts: SessionParts, to file: inout BaileysWriter, closed: Int64, used: Int64) {
        file.object(typed(parts.baseKey)) { record in
            record.number("registrationId", parts.remoteRegistrationID)
            record.object("currentRatchet") { ratchet in
                ratchet.object("ephemeralKeyPair") { pair in
                    pair.text("pubKey", typed(parts.ratchet.publicKey))
                    pair.text("privKey", parts.ratchet.privateKey.withBytes { Base64.encode($0) })
                }
                ratchet.text("lastRemoteEphemeralKey", typed(parts.receiving.last?.ratchetKey ?? parts.baseKey))
                ratchet.number("previousCounter", parts.previousCounter)
                ratchet.text("rootKey", Base64.encode(parts.rootKey))
            }
            record.object("indexInfo") { index in
                index.text("baseKey", typed(parts.baseKey))
                // Who began the session matters to its reader only until the answer has come.
                index.number("baseKeyType", parts.pending == nil ? 2 : 1)
                index.integer("closed", closed)
                index.integer("used", used)
                index.integer("created", used)
                index.text("remoteIdentityKey", typed(parts.remoteIdentity))
            }
            record.object("_chains") { chains in
                write(parts.sending, to: &chains, named: parts.ratchet.publicKey, type: sending)
                for chain in parts.receiving {
                    write(chain.chain, to: &chains, named: chain.ratchetKey, type: receiving)
                }
            }
            if let pending = parts.pending {
                record.object("pendingPreKey") { record in
                    record.number("signedKeyId", pending.signedPreKeyID)
                    record.text("baseKey", typed(parts.baseKey))
                    if let id = pending.preKeyID { record.number("preKeyId", id) }
                }
            }
        }
    }

    private static func write(
        _ parts: ChainParts,
        to chains: inout BaileysWriter,
        named key: [UInt8],
        type: Int64
    ) {
        chains.object(typed(key)) { chain in
            chain.object("chainKey") { chainKey in
                chainKey.integer("counter", Int64(parts.index) - 1)
                if let key = parts.key { chainKey.text("key", Base64.encode(key)) }
            }
            chain.integer("chainType", type)
            chain.object("messageKeys") { keys in
                for key in parts.skipped { keys.text("\(key.counter)", Base64.encode(key.seed)) }
            }
        }
    }
}

package import SignalProtocol

/// Sender keys as Baileys keeps them in `sender-key-….json`, both ways.
package enum BaileysSenderKey {
    /// Numbers in lists take a value each, and the list may lie in a list of numbers once more.
    private static let limits = JSONLimits(bytes: 4 << 20, depth: 32, values: 1_000_000)

    /// What a file holds: somebody's keys, and the own one if it is this device's file.
    package struct File: Sendable, Equatable {
        package let record: SenderKeyRecord
        package let own: OwnSenderKey?
    }

    /// Reads a SenderKeyRecord (credentials.md 4.2): a buffer of JSON text, a list with the newest key last.
    package static func decode(_ json: [UInt8]) throws(CredentialsImportError) -> File {
        let text = try BaileysRecord.bytes(of: JSONValue.parse(json, limits: limits), field: "record")
        guard case .array(let values) = try JSONValue.parse(text, limits: limits) else {
            throw .wrongType(field: "record", expected: .array)
        }
        var parts: [SenderKeyParts] = []
        var own: OwnSenderKey?
        for state in try BaileysRecord.list(values, path: "record") {
            let read = try self.parts(of: state)
            parts.insert(read, at: 0)
            own = try ownKey(in: state, read) ?? own
        }
        do {
            return File(record: try SenderKeyRecord(parts: parts), own: own)
        } catch {
            throw .invalidValue(field: "record")
        }
    }

    private static func parts(of state: BaileysRecord) throws(CredentialsImportError) -> SenderKeyParts {
        let chain = try state.record("senderChainKey")
        var skipped: [ChainParts.Skipped] = []
        if state.value("senderMessageKeys") != nil {
            for key in try state.list("senderMessageKeys") {
                skipped.append(
                    ChainParts.Skipped(
                        counter: try key.number("iteration", in: 0...UInt32.max - 1),
                        seed: try key.bytes("seed", count: 32)
                    )
                )
            }
        }
        skipped.sort { $0.counter < $1.counter }
        return SenderKeyParts(
            id: try state.number("senderKeyId", in: 0...UInt32.max),
            signingKey: try signingKey(in: state),
            chain: ChainParts(
                key: try chain.bytes("seed", count: 32),
                index: try chain.number("iteration", in: 0...UInt32.max - 1),
                skipped: skipped
            )
        )
    }

    /// 33 bytes, the first of them 5; or 32.
    private static func signingKey(in state: BaileysRecord) throws(CredentialsImportError) -> [UInt8] {
        let record = try state.record("senderSigningKey")
        let key = try record.bytes("public")
        if key.count == 32 { return key }
        guard key.count == 33 else {
            throw .wrongLength(field: record.field("public"), expected: 33, actual: key.count)
        }
        guard key.first == 0x05 else { throw .invalidValue(field: record.field("public")) }
        return Array(key.dropFirst())
    }

    private static func ownKey(
        in state: BaileysRecord,
        _ parts: SenderKeyParts
    ) throws(CredentialsImportError) -> OwnSenderKey? {
        let record = try state.record("senderSigningKey")
        guard record.value("private") != nil else { return nil }
        let bytes = try record.bytes("private")
        guard !bytes.isEmpty else { return nil }
        guard let pair = try? Curve25519KeyPair(privateKey: bytes), pair.publicKey == parts.signingKey,
            let key = parts.chain.key
        else { throw .mismatchedKeyPair(field: state.field("senderSigningKey")) }
        return try? OwnSenderKey(id: parts.id, chainKey: key, iteration: parts.chain.index, signing: pair)
    }
}

extension BaileysSenderKey {
    /// Writes the keys of somebody else.
    package static func encode(_ record: SenderKeyRecord) -> [UInt8] {
        encode(states: record.parts.reversed().map { ($0, nil) })
    }

    /// Writes the own key.
    package static func encode(_ own: OwnSenderKey) -> [UInt8] {
        let parts = SenderKeyParts(
            id: own.id,
            signingKey: own.signingPair.publicKey,
            chain: ChainParts(key: own.chainKey, index: own.iteration)
        )
        return encode(states: [(parts, own.signingPair.privateKey)])
    }

    private static func encode(states: [(parts: SenderKeyParts, privateKey: SecretBytes?)]) -> [UInt8] {
        let text = BaileysWriter.list(of: states) { state, element in
            let (parts, privateKey) = element
            state.number("senderKeyId", parts.id)
            state.object("senderChainKey") { chain in
                chain.number("iteration", parts.chain.index)
                chain.numbers("seed", parts.chain.key ?? [])
            }
            state.object("senderSigningKey") { pair in
                pair.numbers("public", [0x05] + parts.signingKey)
                pair.numbers("private", privateKey?.reveal() ?? [])
            }
            state.list("senderMessageKeys", of: parts.chain.skipped) { key, skipped in
                key.number("iteration", skipped.counter)
                key.numbers("seed", skipped.seed)
            }
        }
        var file = BaileysWriter()
        file.text("type", "Buffer")
        file.text("data", Base64.encode(Array(text.utf8)))
        return file.finish()
    }
}

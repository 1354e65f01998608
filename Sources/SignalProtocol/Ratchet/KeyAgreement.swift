/// X3DH: how two devices come to a common secret of which one knows only the other's published keys.
enum KeyAgreement {
    struct Initiator {
        let identity: RatchetKeyPair
        let base: RatchetKeyPair
        let theirIdentity: Key256
        let theirSignedPreKey: Key256
        let theirPreKey: Key256?

        func secret() throws(SignalError) -> (root: Key256, chain: Key256) {
            try derive(
                identity.sharedSecret(with: theirSignedPreKey),
                base.sharedSecret(with: theirIdentity),
                base.sharedSecret(with: theirSignedPreKey),
                theirPreKey.map { preKey throws(SignalError) in try base.sharedSecret(with: preKey) }
            )
        }
    }

    struct Responder {
        let identity: RatchetKeyPair
        let signedPreKey: RatchetKeyPair
        let preKey: RatchetKeyPair?
        let theirIdentity: Key256
        let theirBase: Key256

        func secret() throws(SignalError) -> (root: Key256, chain: Key256) {
            try derive(
                signedPreKey.sharedSecret(with: theirIdentity),
                identity.sharedSecret(with: theirBase),
                signedPreKey.sharedSecret(with: theirBase),
                preKey.map { preKey throws(SignalError) in try preKey.sharedSecret(with: theirBase) }
            )
        }
    }

    private static func derive(
        _ first: Key256,
        _ second: Key256,
        _ third: Key256,
        _ fourth: Key256?
    ) -> (root: Key256, chain: Key256) {
        var master = [UInt8](repeating: 0xff, count: 32)
        defer { overwrite(&master) }
        master.reserveCapacity(160)
        master.append(first)
        master.append(second)
        master.append(third)
        if let fourth { master.append(fourth) }
        var expansion = master.withUnsafeBytes { KeyExpansion(of: $0, info: "WhisperText") }
        return (expansion.next(), expansion.next())
    }
}

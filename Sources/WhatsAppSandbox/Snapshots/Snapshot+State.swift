import Crypto
import Foundation
import SignalProtocol
import WhatsAppWire

extension Snapshot {
    init(_ state: ServerState, authority: CertificateAuthority, tls: TLSAuthority) {
        self.init(
            authority: Authority(
                root: Data(authority.root.privateKey.reveal()),
                intermediate: Data(authority.intermediate.privateKey.reveal()),
                leaf: Data(authority.leaf.privateKey.reveal())
            ),
            phones: state.phones.values.sorted { $0.account.number < $1.account.number }.map(Phone.init)
        )
        accounts = Accounts(state)
        self.tls = TLS(key: tls.key.rawRepresentation, certificate: Data(tls.certificate))
        groups = Groups(
            all: state.groups.all.values.sorted { $0.id < $1.id },
            formerCodes: state.groups.formerCodes,
            refusing: state.groups.refusing
        )
    }

    private init(authority: Authority, phones: [Phone]) {
        self.authority = authority
        self.phones = phones
    }

    func certificateAuthority() throws -> CertificateAuthority {
        CertificateAuthority(
            root: try Curve25519KeyPair(privateKey: authority.root),
            intermediate: try Curve25519KeyPair(privateKey: authority.intermediate),
            leaf: try Curve25519KeyPair(privateKey: authority.leaf)
        )
    }

    func tlsAuthority() throws -> TLSAuthority? {
        try tls.map { tls in
            TLSAuthority(
                key: try P256.Signing.PrivateKey(rawRepresentation: tls.key),
                certificate: Array(tls.certificate)
            )
        }
    }

    /// Puts the phones into a fresh state.
    func restore(into state: inout ServerState) throws {
        for phone in try phones.map({ try $0.restored() }) {
            state.phones[phone.account.number] = phone
            state.numbers[phone.account.lid] = phone.account.number
        }
        accounts?.restore(into: &state)
        guard let groups else { return }
        state.groups.formerCodes = groups.formerCodes
        state.groups.refusing = groups.refusing
        for group in groups.all {
            state.groups.all[group.id] = group
            state.groups.codes[group.inviteCode] = group.id
        }
    }
}

extension Snapshot.Phone {
    init(_ phone: Phone) {
        self.init(
            number: phone.account.number,
            lid: phone.account.lid,
            name: phone.name,
            platform: phone.account.platform,
            businessName: phone.account.businessName,
            createdAt: phone.account.createdAt,
            deviceLimit: phone.deviceLimit,
            identity: Data(phone.keys.identity.privateKey.reveal()),
            registrationID: phone.keys.registrationID,
            rawID: phone.keys.rawID,
            signedPreKey: .init(
                id: phone.keys.signedPreKey.id,
                privateKey: Data(phone.keys.signedPreKey.keyPair.privateKey.reveal())
            ),
            signedPreKeySignature: Data(phone.keys.signedPreKey.signature),
            passkey: phone.passkey.map {
                .init(
                    credentialID: Data($0.credentialID),
                    privateKey: Data($0.privateKey.reveal()),
                    signCount: $0.signCount
                )
            },
            highestKeyIndex: phone.highestKeyIndex,
            nextDevice: phone.nextDevice,
            keyIndexList: Data(phone.keyIndexList.signed),
            keyIndexTimestamp: phone.keyIndexList.timestamp,
            signal: Snapshot.Signal(phone),
            issuedPreKeys: phone.signal.oneTimeKeys.issued.map {
                .init(id: $0.id, privateKey: Data($0.keyPair.privateKey.reveal()))
            },
            nextPreKeyID: phone.signal.oneTimeKeys.nextID,
            devices: phone.devices.values.sorted { $0.number < $1.number }.map(Snapshot.Device.init),
            appState: Snapshot.AppState(phone.appState),
            generatedHistory: phone.generatedHistory,
            isLIDMigrated: phone.account.isLIDMigrated
        )
    }

    func restored() throws -> Phone {
        let order = NewPhone(
            number: number,
            name: name,
            platform: platform,
            businessName: businessName,
            deviceLimit: deviceLimit
        )
        try order.check()
        let signed = SignedPreKey(
            id: signedPreKey.id,
            keyPair: try Curve25519KeyPair(privateKey: signedPreKey.privateKey),
            signature: Array(signedPreKeySignature)
        )
        var phone = Phone(
            account: .init(
                number: number,
                lid: lid,
                platform: platform,
                businessName: businessName,
                createdAt: createdAt,
                isLIDMigrated: isLIDMigrated ?? true
            ),
            keys: .init(
                identity: try Curve25519KeyPair(privateKey: identity),
                signedPreKey: signed,
                registrationID: registrationID,
                rawID: rawID
            ),
            name: name,
            deviceLimit: deviceLimit,
            passkey: passkey.map {
                VirtualAuthenticator(
                    credentialID: Array($0.credentialID),
                    privateKey: SecretBytes($0.privateKey),
                    signCount: $0.signCount
                )
            },
            keyIndexList: KeyIndexList(timestamp: keyIndexTimestamp, signed: Array(keyIndexList))
        )
        phone.highestKeyIndex = highestKeyIndex
        phone.nextDevice = nextDevice
        phone.signal.oneTimeKeys = PhonePreKeys(
            issued: try issuedPreKeys.map {
                PreKey(id: $0.id, keyPair: try Curve25519KeyPair(privateKey: $0.privateKey))
            },
            nextID: nextPreKeyID
        )
        phone.generatedHistory = generatedHistory
        phone.appState = try appState?.restored() ?? AccountAppState()
        try signal?.restore(into: &phone)
        for device in devices { phone.devices[device.number] = try device.restored() }
        return phone
    }
}

extension Snapshot.Device {
    init(_ device: LinkedDevice) {
        self.init(
            number: device.number,
            keyIndex: device.keyIndex,
            noisePublicKey: Data(device.noisePublicKey),
            registrationID: device.keys.registrationID,
            identityKey: Data(device.keys.identity),
            signedPreKey: .init(id: device.keys.signedPreKey.id, value: Data(device.keys.signedPreKey.value)),
            signedPreKeySignature: Data(device.keys.signedPreKey.signature),
            appearance: device.appearance,
            identity: Data(device.identity),
            linkedAt: device.linkedAt,
            lastSeen: device.lastSeen,
            preKeys: device.preKeys.keys.map { .init(id: $0.id, value: Data($0.value)) },
            outbox: device.outbox.entries.compactMap { entry in
                (try? StanzaCodec.encode(entry.node)).map { .init(id: entry.id, node: Data($0)) }
            },
            isWelcomed: device.isWelcomed
        )
    }

    func restored() throws -> LinkedDevice {
        var device = LinkedDevice(
            number: number,
            keyIndex: keyIndex,
            noisePublicKey: Array(noisePublicKey),
            keys: CompanionKeys(
                registrationID: registrationID,
                identity: Array(identityKey),
                signedPreKey: PublicSignedPreKey(
                    id: signedPreKey.id,
                    value: Array(signedPreKey.value),
                    signature: Array(signedPreKeySignature)
                )
            ),
            appearance: appearance,
            identity: Array(identity),
            linkedAt: linkedAt,
            lastSeen: lastSeen
        )
        device.isWelcomed = isWelcomed ?? false
        device.preKeys.add(preKeys.map { .init(id: $0.id, value: Array($0.value)) })
        for stanza in outbox {
            device.outbox.add(try StanzaCodec.decode(Array(stanza.node)), id: stanza.id, sent: false)
        }
        return device
    }
}

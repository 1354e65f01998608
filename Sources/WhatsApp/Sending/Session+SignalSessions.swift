internal import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    var localIdentity: LocalIdentity {
        LocalIdentity(keyPair: credentials.identityKey, registrationID: credentials.registrationID)
    }

    /// Brings the ratchets with devices into memory, and fetches key bundles for those without.
    ///
    /// A device for which the service has no bundle is left without; one that is gone is forgotten.
    func ensureSessions(with devices: [JID], reason: String? = nil) async throws(SendError) {
        var missing: [JID] = []
        do {
            try await load(devices.filter { $0.server == .user }.map { RecordKey(.lidOfPhone, $0.user) })
            var addresses: [JID] = []
            for device in devices { addresses.append(try await signalAddress(of: device)) }
            try await load(addresses.map { RecordKey(.signalSession, $0.signalName) })
            for device in devices {
                let address = try await loadedAddress(of: device)
                if hot.sessions[address.signalName]?.hasCurrentState != true { missing.append(device) }
            }
        } catch {
            throw .store(error)
        }
        guard !missing.isEmpty else { return }
        let users = missing.map { device in
            BinaryNode("user", ["jid": .jid(device), "reason": reason.map { .text($0) }])
        }
        let result: BinaryNode
        do {
            result = try await request(
                Stanzas.request("get", "encrypt", children: [BinaryNode("key", children: users)])
            )
        } catch {
            if case .refused(let code, _, _) = error, code == 406 {
                // They are gone; what is for others as well goes on without them.
                for device in missing { forgetDevices(of: device) }
                return
            }
            throw .request(error)
        }
        for user in result.child("list")?.children("user") ?? [] {
            guard let device = user.attributes.jid("jid"), missing.contains(device) else { continue }
            if let error = user.child("error") {
                if error.attributes.text("code") == "406" { forgetDevices(of: device) }
                continue
            }
            try await start(with: device, user, replacing: reason != nil)
        }
        flushSoon()
    }

    /// Builds a session from a fetched bundle, unless one has come about in the meantime.
    private func start(with device: JID, _ node: BinaryNode, replacing: Bool) async throws(SendError) {
        guard let bundle = PreKeyBundle(node) else {
            note(.warning, "A key bundle was malformed.")
            return
        }
        let address: JID
        do {
            guard try await isVouchedFor(device, identityKey: bundle.identityKey, node.child("device-identity")) else {
                note(.warning, "A companion's key bundle is not signed by its phone.")
                return
            }
            // While the service was asked it may have gone cold.
            address = try await loadedAddress(of: device)
        } catch {
            throw .store(error)
        }
        var session = hot.sessions[address.signalName] ?? SignalSession()
        guard replacing || !session.hasCurrentState else { return }
        if let known = session.remoteIdentity, known != bundle.identityKey {
            session = SignalSession()
            identityChanged(of: device.withoutDevice, device: address)
        }
        do {
            try session.start(with: bundle, local: localIdentity, using: &random)
        } catch {
            note(.warning, "A key bundle was refused.")
            return
        }
        hot.sessions.set(address.signalName, session, commit: outbox.number)
    }

    /// Whether the phone and the companion have signed each other, as far as that can be told.
    ///
    /// Where the structure does not say with which key the phone has signed, it is the phone's identity as last seen.
    func isVouchedFor(_ device: JID, identityKey: [UInt8], _ node: BinaryNode?) async throws(StoreError) -> Bool {
        guard device.device != 0, let bytes = node?.bytes.map({ Array($0) }) else { return true }
        guard bytes.count <= 4096 else { return false }
        let outcome = DeviceIdentityCheck.check(bytes, companionKey: identityKey, accountKey: nil)
        guard outcome == .undecided else { return outcome == .genuine }
        var phone = device.with(device: 0)
        if phone.server == .hosted { phone.server = .user }
        if phone.server == .hostedLID { phone.server = .lid }
        let address = try await loadedAddress(of: phone)
        guard let account = hot.sessions[address.signalName]?.remoteIdentity else { return true }
        return DeviceIdentityCheck.check(bytes, companionKey: identityKey, accountKey: account) != .refused
    }

    /// Encrypts for one device; nil where there is no session with it.
    ///
    /// The ratchet's step is staged; nothing may be sent before it is durable.
    func encrypt(_ padded: [UInt8], for device: JID, at address: JID) -> (type: String, bytes: [UInt8])? {
        guard var session = hot.sessions[address.signalName], session.hasCurrentState else { return nil }
        do {
            let ciphertext = try session.encrypt(padded, local: localIdentity)
            hot.sessions.set(address.signalName, session, commit: outbox.number)
            switch ciphertext {
            case .message(let bytes): return ("msg", bytes)
            case .preKeyMessage(let bytes): return ("pkmsg", bytes)
            }
        } catch {
            note(.warning, "A message could not be encrypted for a device.")
            return nil
        }
    }

    /// `<device-identity>`: shown whenever a session begins.
    var deviceIdentityNode: BinaryNode? {
        guard let identity = credentials.account?.identity else { return nil }
        var signed = WAADVSignedDeviceIdentity()
        signed.details = Data(identity.details)
        signed.accountSignatureKey = Data(identity.accountSignatureKey)
        signed.accountSignature = Data(identity.accountSignature)
        signed.deviceSignature = Data(identity.deviceSignature)
        guard let bytes = try? signed.serializedBytes() as [UInt8] else { return nil }
        return BinaryNode("device-identity", bytes: bytes)
    }
}

extension PreKeyBundle {
    /// Reads `<registration/><identity/><skey/><key/>`; nil where something has another length than it must have.
    init?(_ node: BinaryNode) {
        guard let registration = node.child("registration")?.bytes, registration.count == 4,
            let identity = Self.key(node.child("identity")), let signed = node.child("skey"),
            let signedID = signed.child("id")?.bytes, signedID.count <= 4,
            let signedKey = Self.key(signed.child("value")), let signature = signed.child("signature")?.bytes,
            signature.count == 64
        else { return nil }
        var preKey: (id: UInt32, key: [UInt8])?
        if let node = node.child("key") {
            guard let id = node.child("id")?.bytes, id.count <= 4, let key = Self.key(node.child("value")) else {
                return nil
            }
            preKey = (Self.number(id), key)
        }
        self.init(
            registrationID: Self.number(registration),
            identityKey: identity,
            signedPreKeyID: Self.number(signedID),
            signedPreKey: signedKey,
            signature: Array(signature),
            preKey: preKey
        )
    }

    private static func key(_ node: BinaryNode?) -> [UInt8]? {
        guard let bytes = node?.bytes else { return nil }
        if bytes.count == 32 { return Array(bytes) }
        return bytes.count == 33 && bytes.first == 0x05 ? Array(bytes.dropFirst()) : nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}

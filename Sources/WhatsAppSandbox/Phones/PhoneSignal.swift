import SignalProtocol
import WhatsAppCrypto
import WhatsAppWire

/// A phone's end of the Signal protocol: its sessions with other devices, and the keys of groups.
///
/// Sessions are kept by device, so that both names of one device, number and LID, lead to one session. Some clients
/// take the names for two people and begin a session under each: to such a name goes the state that last came from it.
struct PhoneSignal: Sendable {
    /// Whose key of which group.
    struct SenderKeyName: Hashable, Sendable {
        let group: String
        let sender: DeviceAddress
    }

    /// A device under one of its two names.
    struct SessionName: Hashable, Sendable {
        let device: DeviceAddress
        let form: AddressingForm
    }

    /// The key under which the phone writes to a group, and who has got it.
    struct GroupKey: Sendable {
        var key: OwnSenderKey
        var holders: Set<DeviceAddress> = []
    }

    /// As many as are kept; which ones make room does not matter, since sessions and keys can be had again.
    static let sessionLimit = 20_000
    static let senderKeyLimit = 5_000
    static let groupKeyLimit = 500

    let local: LocalIdentity
    let signedPreKey: SignedPreKey
    var oneTimeKeys = PhonePreKeys()
    var sessions: [DeviceAddress: SignalSession] = [:]
    /// The base key of the state that a device last used under a name.
    private var used: [SessionName: [UInt8]] = [:]
    var senderKeys: [SenderKeyName: SenderKeyRecord] = [:]
    var groupKeys: [String: GroupKey] = [:]

    init(_ keys: Phone.Keys) {
        local = LocalIdentity(keyPair: keys.identity, registrationID: keys.registrationID)
        signedPreKey = keys.signedPreKey
    }

    func canWrite(to target: DeviceAddress) -> Bool {
        sessions[target]?.hasCurrentState == true
    }

    /// Begins a session; the one before, if any, goes to the archive.
    mutating func start(
        with target: DeviceAddress,
        _ bundle: PreKeyBundle,
        using random: inout some RandomNumberGenerator
    ) throws(SignalError) {
        var session = sessions.removeValue(forKey: target) ?? SignalSession()
        defer { keep(session, for: target) }
        for form in AddressingForm.allCases { used[SessionName(device: target, form: form)] = nil }
        try session.start(with: bundle, local: local, using: &random)
    }

    private mutating func keep(_ session: SignalSession, for target: DeviceAddress) {
        if sessions.count >= Self.sessionLimit, let other = sessions.keys.first {
            sessions[other] = nil
            for form in AddressingForm.allCases { used[SessionName(device: other, form: form)] = nil }
        }
        sessions[target] = session
    }

    /// Encrypts for a device with which there is a session, and which knows the phone's stanza by one of its names: an `enc` node.
    mutating func encrypt(
        _ padded: [UInt8],
        for target: DeviceAddress,
        by form: AddressingForm,
        _ attributes: BinaryNode.Attributes
    ) throws(SignalError) -> BinaryNode {
        guard let index = sessions.index(forKey: target) else { throw .noSession }
        if let key = used[SessionName(device: target, form: form)] { sessions.values[index].use(baseKey: key) }
        let ciphertext = try sessions.values[index].encrypt(padded, local: local)
        var node = BinaryNode("enc", attributes)
        node.attributes["v"] = "2"
        switch ciphertext {
        case .message(let bytes):
            node.attributes["type"] = "msg"
            node.content = .bytes(bytes[...])
        case .preKeyMessage(let bytes):
            node.attributes["type"] = "pkmsg"
            node.content = .bytes(bytes[...])
        }
        return node
    }

    /// Decrypts a `msg` or `pkmsg`; a one-time key that it used is gone then.
    mutating func decrypt(
        _ ciphertext: ArraySlice<UInt8>,
        isFirst: Bool,
        from sender: DeviceAddress,
        by form: AddressingForm,
        using random: inout some RandomNumberGenerator
    ) throws(SignalError) -> [UInt8] {
        defer { used[SessionName(device: sender, form: form)] = sessions[sender]?.baseKey }
        guard isFirst else {
            guard let plaintext = try sessions[sender]?.decrypt(ciphertext, local: local, using: &random) else {
                throw .noSession
            }
            return plaintext
        }
        let message = try PreKeySignalMessage(ciphertext)
        if sessions[sender] == nil { keep(SignalSession(), for: sender) }
        let preKey = message.preKeyID.flatMap { oneTimeKeys.key($0) }
        guard
            let plaintext = try sessions[sender]?.decrypt(
                message,
                local: local,
                signedPreKey: message.signedPreKeyID == signedPreKey.id ? signedPreKey : nil,
                preKey: preKey,
                using: &random
            )
        else { throw .noSession }
        if let preKey { oneTimeKeys.remove(preKey.id) }
        return plaintext
    }

    // MARK: Groups

    /// Takes in the key under which a device writes to a group.
    mutating func process(_ distribution: SenderKeyDistribution, group: String, from sender: DeviceAddress) {
        let name = SenderKeyName(group: group, sender: sender)
        if senderKeys[name] == nil, senderKeys.count >= Self.senderKeyLimit, let other = senderKeys.keys.first {
            senderKeys[other] = nil
        }
        senderKeys[name, default: SenderKeyRecord()].process(distribution)
    }

    mutating func decrypt(
        _ ciphertext: ArraySlice<UInt8>,
        group: String,
        from sender: DeviceAddress
    ) throws(SignalError) -> [UInt8] {
        let name = SenderKeyName(group: group, sender: sender)
        guard let plaintext = try senderKeys[name]?.decrypt(ciphertext) else { throw .noSenderKey(0) }
        return plaintext
    }

    /// The phone's key of a group, made when there is none.
    mutating func groupKey(_ group: String, using random: inout some RandomNumberGenerator) -> GroupKey {
        if let known = groupKeys[group] { return known }
        if groupKeys.count >= Self.groupKeyLimit, let other = groupKeys.keys.first { groupKeys[other] = nil }
        let fresh = GroupKey(key: .generate(using: &random))
        groupKeys[group] = fresh
        return fresh
    }

    /// Encrypts for everybody who has the phone's key of the group.
    mutating func encrypt(
        _ padded: [UInt8],
        group: String,
        using random: inout some RandomNumberGenerator
    ) throws(SignalError) -> [UInt8] {
        guard let index = groupKeys.index(forKey: group) else { throw .noSenderKey(0) }
        return try groupKeys.values[index].key.encrypt(padded, using: &random)
    }

    /// Forgets a device that is no more.
    mutating func forget(_ device: DeviceAddress) {
        sessions[device] = nil
        for form in AddressingForm.allCases { used[SessionName(device: device, form: form)] = nil }
        for group in groupKeys.keys where groupKeys[group]?.holders.contains(device) == true {
            // Whoever has left could read on with it.
            groupKeys[group] = nil
        }
        for name in senderKeys.keys where name.sender == device { senderKeys[name] = nil }
    }
}

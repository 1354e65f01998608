import Foundation
import SignalProtocol
import WhatsAppWire

/// A simulated phone: the primary device of an account, with its real keys, living inside the server.
struct Phone: Sendable {
    let account: Account
    private(set) var keys: Keys
    var name: String
    /// How many companions it may have linked at once.
    var deviceLimit: Int
    /// Present when the account demands a passkey for every link.
    var passkey: VirtualAuthenticator?
    /// The highest key index ever given out; never used again, also after unlinking.
    var highestKeyIndex: UInt32 = 0
    /// The number that the next companion tries first.
    var nextDevice: UInt16 = 1
    var keyIndexList: KeyIndexList
    var devices: [UInt16: LinkedDevice] = [:]
    var appState = AccountAppState()
    var appStateFaults = AppStateFaults()
    /// What it makes up for newly linked companions besides its own messages.
    var generatedHistory: GeneratedHistory?
    var signal: PhoneSignal
    var log = PhoneLog()
    /// Numbers that the account has written with, who are told when its devices change.
    private(set) var correspondents: Set<String> = []
    /// Disappearing times of chats in seconds, by chat.
    var timers: [String: UInt32] = [:]
    var media = KeptMedia()
    /// Whether authors are told that their messages have arrived; not kept over a restart.
    var sendsReceipts = true

    /// Changes a companion where it lies; nil when there is none of that number.
    mutating func change<Result>(_ device: UInt16, _ body: (inout LinkedDevice) -> Result) -> Result? {
        guard let index = devices.index(forKey: device) else { return nil }
        return body(&devices.values[index])
    }

    /// Who the phone belongs to.
    struct Account: Sendable, Equatable {
        /// International digits.
        let number: String
        /// 15 digits.
        let lid: String
        let platform: SandboxPlatform
        let businessName: String?
        let createdAt: Date
        /// Whether the account's private chats are addressed by LID, as those of all present accounts are.
        var isLIDMigrated = true
    }

    /// The phone's long-term keys.
    struct Keys: Sendable, Equatable {
        let identity: Curve25519KeyPair
        let signedPreKey: SignedPreKey
        let registrationID: UInt32
        /// Constant until the account is installed anew.
        let rawID: UInt32

        static func generate(using random: inout some RandomNumberGenerator) -> Keys {
            let identity = Curve25519KeyPair.generate(using: &random)
            return Keys(
                identity: identity,
                signedPreKey: .generate(id: 1, identity: identity, using: &random),
                registrationID: .random(in: 1...16_380, using: &random),
                rawID: .random(in: 1...UInt32.max, using: &random)
            )
        }
    }

    init(
        account: Account,
        keys: Keys,
        name: String,
        deviceLimit: Int,
        passkey: VirtualAuthenticator?,
        keyIndexList: KeyIndexList
    ) {
        self.account = account
        self.keys = keys
        self.name = name
        self.deviceLimit = deviceLimit
        self.passkey = passkey
        self.keyIndexList = keyIndexList
        signal = PhoneSignal(keys)
    }

    /// As many as are told.
    private static let correspondentLimit = 1_000

    /// The name under which each of them last wrote, by number: some clients know nobody by the other one.
    private var names: [String: AddressingForm] = [:]

    /// Another account has written to this one.
    mutating func heard(_ number: String, by form: AddressingForm) {
        guard names[number] != form, names.count < Self.correspondentLimit else { return }
        names[number] = form
    }

    /// How the phone addresses another account: by LID, unless that account writes by number.
    func form(for number: String) -> AddressingForm {
        account.isLIDMigrated ? names[number] ?? .lid : .phoneNumber
    }

    /// Notes that messages go to and fro between the account and another.
    mutating func meet(_ number: String) {
        guard number != account.number, correspondents.count < Self.correspondentLimit else { return }
        correspondents.insert(number)
    }

    /// Takes new keys, as after setting the phone up anew; nothing of before can be read with them.
    mutating func install(_ keys: Keys) {
        self.keys = keys
        signal = PhoneSignal(keys)
        highestKeyIndex = 0
    }

    var address: DeviceAddress { DeviceAddress(number: account.number, device: 0) }

    var jid: JID { JID(user: account.number, server: .user) }
    var lid: JID { JID(user: account.lid, server: .lid) }

    func jid(of device: UInt16) -> JID { JID(user: account.number, server: .user, device: device) }
    func lid(of device: UInt16) -> JID { JID(user: account.lid, server: .lid, device: device) }

    /// A device number that is free and was not used lately: 1...98, as 99 means a hosted device.
    func freeDeviceNumber() -> UInt16? {
        let all = UInt16(1)...98
        let first = all.contains(nextDevice) ? nextDevice : 1
        return (first...98).first { devices[$0] == nil } ?? (1..<first).first { devices[$0] == nil }
    }
}

/// What kind of phone it is, as it is told to companions.
package enum SandboxPlatform: String, Sendable, CaseIterable, Codable {
    case android
    case iphone
    /// The business application on Android.
    case smba
    /// The business application on iOS.
    case smbi
}

/// One-time keys of a phone, made as they are asked for.
struct PhonePreKeys: Sendable, Equatable {
    /// As many private halves as are kept for messages that have not come yet.
    static let capacity = 1_000

    private(set) var issued: [PreKey] = []
    private(set) var nextID: UInt32 = 1

    init() {}

    init(issued: [PreKey], nextID: UInt32) {
        self.issued = issued
        self.nextID = nextID
    }

    func key(_ id: UInt32) -> PreKey? { issued.first { $0.id == id } }

    mutating func remove(_ id: UInt32) {
        issued.removeAll { $0.id == id }
    }

    /// A fresh key; its private half is kept for whoever writes to the phone with it.
    mutating func issue(using random: inout some RandomNumberGenerator) -> PreKey {
        let key = PreKey(id: nextID, keyPair: .generate(using: &random))
        nextID = nextID >= 0xff_ffff ? 1 : nextID + 1
        issued.append(key)
        if issued.count > Self.capacity { issued.removeFirst(issued.count - Self.capacity) }
        return key
    }
}

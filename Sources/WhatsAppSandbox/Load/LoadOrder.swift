/// Traffic that the sandbox makes by itself, to measure what the sessions of another process bear.
package struct LoadOrder: Sendable, Equatable {
    /// Phones that write: each to one session, or in groups.
    package var phones: Int
    /// Messages a second over all phones.
    package var rate: Int
    /// How long; until the sandbox ends when nil.
    package var seconds: Int?
    /// Companions to prepare, already linked; the sessions that are written to.
    package var sessions: Int
    /// Bytes of text.
    package var length: Int
    /// Groups that the phones write in, each with one of the sessions as a member; none for private chats.
    package var groups: Int
    /// Of each group, the session among them.
    package var members: Int
    /// Phones write `!ping` to bots, and an answer that quotes it counts as its echo.
    package var isOfCommands: Bool

    package init(
        phones: Int = 100,
        rate: Int = 100,
        seconds: Int? = nil,
        sessions: Int = 100,
        length: Int = 32,
        groups: Int = 0,
        members: Int = 10,
        isOfCommands: Bool = false
    ) {
        self.phones = phones
        self.rate = rate
        self.seconds = seconds
        self.sessions = sessions
        self.length = length
        self.groups = groups
        self.members = members
        self.isOfCommands = isOfCommands
    }

    /// Reads `phones=5000,rate=2000,seconds=60,link=1000,length=40,groups=500,members=20,commands=1`.
    package init(parsing text: String) throws(SandboxError) {
        self.init()
        var isLinkGiven = false
        for part in text.split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1)
            guard halves.count == 2, let value = Int(halves[1]), value > 0, value <= 1_000_000 else {
                throw .invalid(field: "load", reason: "Parts are NAME=NUMBER with a number from 1 to 1000000.")
            }
            switch halves[0] {
            case "phones": phones = value
            case "rate": rate = value
            case "seconds": seconds = value
            case "link":
                sessions = value
                isLinkGiven = true
            case "length": length = min(value, 60_000)
            case "groups": groups = value
            case "members": members = value
            case "commands": isOfCommands = value == 1
            default:
                throw .invalid(
                    field: "load",
                    reason: "Names are phones, rate, seconds, link, length, groups, members and commands."
                )
            }
        }
        if !isLinkGiven { sessions = phones }
        guard (2...1_024).contains(members), groups == 0 || members <= phones + 1 else {
            throw .invalid(field: "load", reason: "A group has 2 to 1024 members, all but one of them phones.")
        }
    }

    static func session(_ index: Int) -> String { "1555" + padded(index) }
    static func writer(_ index: Int) -> String { "1666" + padded(index) }
    static func group(_ index: Int) -> String { "12036399999" + padded(index) }

    /// A member of a group that writes in it: one of the first `members - 1`.
    func writer(_ member: Int, inGroup group: Int) -> String {
        Self.writer((group * (members - 1) + member) % phones)
    }

    private static func padded(_ index: Int) -> String {
        let digits = String(index + 1)
        return String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    }
}

/// A companion that is linked without having asked for it: everything that its own side must keep.
package struct PreparedDevice: Sendable {
    package let number: String
    package let device: UInt16
    package let lid: String
    package let platform: String
    package let name: String
    /// Private keys, 32 bytes each.
    package let noiseKey: [UInt8]
    package let identityKey: [UInt8]
    package let signedPreKeyID: UInt32
    package let signedPreKey: [UInt8]
    package let signedPreKeySignature: [UInt8]
    package let registrationID: UInt32
    package let advSecret: [UInt8]
    /// An encoded `ADVSignedDeviceIdentity`, complete.
    package let identity: [UInt8]
}

package import WhatsAppWire

/// Somebody to be added to a group.
package struct GroupInvitee: Sendable, Hashable {
    /// Bare; in a LID group the LID.
    package var jid: JID
    /// The phone number that belongs to the LID.
    package var phone: JID?
    /// The trusted-contact token that they have given to the account.
    package var privacyToken: [UInt8]?

    package init(jid: JID, phone: JID? = nil, privacyToken: [UInt8]? = nil) {
        self.jid = jid.withoutDevice
        self.phone = phone?.withoutDevice
        self.privacyToken = privacyToken
    }

    /// Wire form: `<participant jid [phone_number]>[<privacy>token</privacy>]</participant>`.
    var node: BinaryNode {
        var node = BinaryNode("participant", ["jid": .jid(jid), "phone_number": phone.map { .jid($0) }])
        if let privacyToken { node.content = .nodes([BinaryNode("privacy", bytes: privacyToken)]) }
        return node
    }
}

/// A group or community that is to be made.
package struct GroupCreation: Sendable {
    /// What kind of group it is within communities.
    package enum Place: Sendable, Hashable {
        case group
        case community(subgroupsAskApproval: Bool)
        case subgroup(of: JID)
    }

    package var subject: String
    /// Without oneself.
    package var members: [GroupInvitee]
    package var description: String?
    /// Settings that differ from the service's own.
    package var settings: [GroupSetting]
    package var place: Place
    /// A community may also get a group for everybody's talk.
    package var hasGeneralChat: Bool

    package init(
        subject: String,
        members: [GroupInvitee] = [],
        description: String? = nil,
        settings: [GroupSetting] = [],
        place: Place = .group,
        hasGeneralChat: Bool = false
    ) {
        self.subject = subject
        self.members = members
        self.description = description
        self.settings = settings
        self.place = place
        self.hasGeneralChat = hasGeneralChat
    }

    func check() throws(RequestError) {
        try GroupLimits.check(subject: subject)
        if let description { try GroupLimits.check(description: description) }
        guard members.count <= GroupLimits.membersInOneRequest else {
            throw .invalid(field: "members", reason: .count(0...GroupLimits.membersInOneRequest))
        }
        if case .subgroup(let parent) = place { try GroupLimits.check(group: parent, field: "parent") }
    }
}

/// What the service takes.
package enum GroupLimits {
    package static let subject = 100
    package static let description = 2_048
    package static let membersInOneRequest = 1_024
    package static let groupsInOneQuery = 10_000

    static func check(subject: String) throws(RequestError) {
        guard (1...Self.subject).contains(subject.count), subject.utf8.count <= 1_024 else {
            throw .invalid(field: "subject", reason: .length(1...Self.subject))
        }
    }

    static func check(description: String) throws(RequestError) {
        guard description.count <= Self.description, description.utf8.count <= 16_384 else {
            throw .invalid(field: "description", reason: .length(0...Self.description))
        }
    }

    static func check(group: JID, field: String = "group") throws(RequestError) {
        guard group.server == .group, !group.user.isEmpty, group.user.utf8.count <= 64 else {
            throw .invalid(field: field, reason: .notAGroup)
        }
    }

    static func check(code: String) throws(RequestError) {
        let isPlain = code.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard (1...64).contains(code.utf8.count), isPlain else {
            throw .invalid(field: "code", reason: .notACode)
        }
    }
}

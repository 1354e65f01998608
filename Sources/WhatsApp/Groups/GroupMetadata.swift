package import Foundation
package import WhatsAppWire

/// What is known of a group or a community: its subject, its settings and who is in it.
package struct GroupMetadata: Sendable, Equatable {
    /// Whether a group addresses its members by LID or by phone number.
    package enum AddressingMode: UInt8, Sendable {
        case phoneNumber = 0
        case lid = 1
    }

    /// Yes-or-no facts; the bits are in the store.
    package struct Flags: OptionSet, Sendable, Hashable {
        package let rawValue: UInt32

        package init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        package static let announcement = Flags(rawValue: 1 << 0)
        package static let locked = Flags(rawValue: 1 << 1)
        package static let adminsAdd = Flags(rawValue: 1 << 2)
        package static let adminsLink = Flags(rawValue: 1 << 3)
        package static let adminsShareHistory = Flags(rawValue: 1 << 4)
        package static let joinApproval = Flags(rawValue: 1 << 5)
        package static let history = Flags(rawValue: 1 << 6)
        package static let noFrequentlyForwarded = Flags(rawValue: 1 << 7)
        package static let adminReports = Flags(rawValue: 1 << 8)
        package static let memberSubgroups = Flags(rawValue: 1 << 9)
        package static let limitedSharing = Flags(rawValue: 1 << 10)
        /// A community: it has subgroups and carries no messages itself.
        package static let community = Flags(rawValue: 1 << 11)
        /// New subgroups of the community ask for approval.
        package static let subgroupsAskApproval = Flags(rawValue: 1 << 12)
        /// The announcement group of a community.
        package static let defaultSubgroup = Flags(rawValue: 1 << 13)
        package static let generalChat = Flags(rawValue: 1 << 14)
        package static let hidden = Flags(rawValue: 1 << 15)
        package static let incognito = Flags(rawValue: 1 << 16)
        package static let growthLocked = Flags(rawValue: 1 << 17)
        package static let suspended = Flags(rawValue: 1 << 18)
        /// Something was missed: it is to be asked for before it is used.
        package static let outdated = Flags(rawValue: 1 << 31)
    }

    package struct Description: Sendable, Hashable {
        /// What a change of the description must name.
        package var id: String
        package var text: String
        package var author: JID?
        package var changedAt: Date?
    }

    package var jid: JID
    package var subject: String
    package var subjectAuthor: JID?
    package var subjectChangedAt: Date?
    package var createdAt: Date?
    package var creator: JID?
    package var description: Description?
    package var addressingMode: AddressingMode
    package var flags: Flags = []
    /// Seconds; 0 for messages that stay.
    package var ephemeralExpiration: UInt32 = 0
    /// The community that the group belongs to.
    package var parent: JID?
    /// The version of the member list, which notifications build upon.
    package var membersVersion: String?
    package var members = GroupMembers()
    /// What is of an earlier epoch is out of date with all other groups.
    var epoch: UInt32 = 0
    /// The number of members as the service gives it; previews name only some of them.
    package var size: Int

    package init(jid: JID, subject: String, addressingMode: AddressingMode = .lid) {
        self.jid = jid
        self.subject = subject
        self.addressingMode = addressingMode
        size = 0
    }

    /// Changes one setting, told or asked for.
    package mutating func apply(_ setting: GroupSetting) {
        switch setting {
        case .announcement(let isOn): set(.announcement, isOn)
        case .locked(let isOn): set(.locked, isOn)
        case .ephemeral(let seconds): ephemeralExpiration = seconds
        case .adminsAdd(let isOn): set(.adminsAdd, isOn)
        case .adminsLink(let isOn): set(.adminsLink, isOn)
        case .adminsShareHistory(let isOn): set(.adminsShareHistory, isOn)
        case .joinApproval(let isOn): set(.joinApproval, isOn)
        case .history(let isOn): set(.history, isOn)
        case .frequentlyForwarded(let isOn): set(.noFrequentlyForwarded, !isOn)
        case .adminReports(let isOn): set(.adminReports, isOn)
        case .memberSubgroups(let isOn): set(.memberSubgroups, isOn)
        case .limitedSharing(let isOn): set(.limitedSharing, isOn)
        }
    }

    mutating func set(_ flag: Flags, _ isOn: Bool) {
        if isOn { flags.insert(flag) } else { flags.remove(flag) }
    }

    package func has(_ flag: Flags) -> Bool { flags.contains(flag) }

    /// About how much memory it takes.
    package var byteCount: Int {
        512 + subject.utf8.count + (description?.text.utf8.count ?? 0) + members.byteCount
    }
}

package import WhatsAppWire

/// What others may see or do.
package enum PrivacyCategory: String, Sendable, CaseIterable {
    /// When the account was last online.
    case lastSeen = "last"
    case online
    /// The picture.
    case picture = "profile"
    case about = "status"
    case readReceipts = "readreceipts"
    /// Who may add to groups.
    case groups = "groupadd"
    case calls = "calladd"
    case messages
    case stickers
    case linkedProfiles = "linked_profiles"
    case pix
    /// Strict account settings.
    case defense

    /// The values that the service takes for it.
    package var values: [PrivacyValue] {
        switch self {
        case .lastSeen, .picture, .about, .linkedProfiles, .pix: [.all, .contacts, .contactsExcept, .nobody]
        case .online: [.all, .matchLastSeen]
        case .readReceipts: [.all, .nobody]
        case .groups: [.all, .contacts, .contactsExcept]
        case .calls: [.all, .known]
        case .messages: [.all, .contacts]
        case .stickers: [.contacts, .onlyContacts, .nobody]
        case .defense: [.off, .onStandard]
        }
    }

    /// Whether a list of contacts can be taken out.
    package var hasExclusions: Bool { values.contains(.contactsExcept) }
}

/// To whom a privacy category is open.
package enum PrivacyValue: String, Sendable, CaseIterable {
    case all, contacts, known, off
    case contactsExcept = "contact_blacklist"
    case onlyContacts = "contact_allowlist"
    case nobody = "none"
    case matchLastSeen = "match_last_seen"
    case onStandard = "on_standard"
}

/// The account's privacy settings; categories and values that nobody knows are left out.
package struct PrivacySettings: Sendable, Equatable {
    package var values: [PrivacyCategory: PrivacyValue]

    init(answer: BinaryNode) throws(RequestError) {
        guard let node = answer.child("privacy") else { throw .malformed("privacy") }
        values = [:]
        for category in node.children("category").prefix(64) {
            guard
                let name = category.attributes.text("name").flatMap(PrivacyCategory.init),
                let value = category.attributes.text("value").flatMap(PrivacyValue.init)
            else { continue }
            values[name] = value
        }
    }

    /// Whether readers may be told that their messages were read.
    package var sendsReadReceipts: Bool { values[.readReceipts] != .nobody }
}

/// The contacts that a category is closed to, and the version of the list.
package struct PrivacyExclusions: Sendable, Equatable {
    package var hash: String?
    package var users: [JID]

    init(answer: BinaryNode) throws(RequestError) {
        guard let node = answer.child("privacy") else { throw .malformed("privacy") }
        let list = node.child("list")
        hash = list?.attributes.text("dhash")
        users =
            list?.children("user").prefix(Blocklist.limit)
            .compactMap { $0.attributes.jid("jid")?.withoutDevice } ?? []
    }
}

/// Somebody who is put on an exclusion list or taken off.
package struct PrivacyExclusionChange: Sendable, Equatable {
    package var isExcluded: Bool
    package var jid: JID
    package var phone: JID?

    package init(jid: JID, phone: JID? = nil, isExcluded: Bool) {
        self.jid = jid.withoutDevice
        self.phone = phone?.withoutDevice
        self.isExcluded = isExcluded
    }
}

extension ProfileRequests {
    package static func privacy() -> BinaryNode {
        iq("get", "privacy", BinaryNode("privacy"))
    }

    /// Refuses a value that the category does not have.
    package static func setPrivacy(_ category: PrivacyCategory, _ value: PrivacyValue) throws(RequestError)
        -> BinaryNode
    {
        guard category.values.contains(value) else {
            throw .invalid(field: "value", reason: "\(category.rawValue) has no \(value.rawValue)")
        }
        let node = BinaryNode(
            "category",
            ["name": .text(category.rawValue), "value": .text(value.rawValue)]
        )
        return iq("set", "privacy", BinaryNode("privacy", children: [node]))
    }

    package static func exclusions(_ category: PrivacyCategory) -> BinaryNode {
        let list = BinaryNode(
            "list",
            ["name": .text(category.rawValue), "value": .text(PrivacyValue.contactsExcept.rawValue)]
        )
        return iq("get", "privacy", BinaryNode("privacy", ["addressing_mode": "lid"], children: [list]))
    }

    /// `hash` is of the list that the changes build upon; the service refuses a stale one with 409.
    package static func changeExclusions(
        _ category: PrivacyCategory,
        _ changes: [PrivacyExclusionChange],
        hash: String?
    ) throws(RequestError) -> BinaryNode {
        guard category.hasExclusions else {
            throw .invalid(field: "category", reason: "\(category.rawValue) has no exclusion list")
        }
        let node = BinaryNode(
            "category",
            [
                "name": .text(category.rawValue), "value": .text(PrivacyValue.contactsExcept.rawValue),
                "dhash": .text(hash ?? "none"),
            ],
            children: changes.map { change in
                BinaryNode(
                    "user",
                    [
                        "action": change.isExcluded ? "add" : "remove", "jid": .jid(change.jid),
                        "pn_jid": change.phone.map { .jid($0) },
                    ]
                )
            }
        )
        return iq("set", "privacy", BinaryNode("privacy", ["addressing_mode": "lid"], children: [node]))
    }
}

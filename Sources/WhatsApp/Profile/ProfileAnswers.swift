internal import SwiftProtobuf
internal import WhatsAppProtobufs
package import WhatsAppWire

/// A profile picture as it can be fetched.
package struct ProfilePicture: Sendable, Equatable {
    package var id: String
    package var url: String
    package var directPath: String?
    package var isPreview: Bool
}

/// What is known of the question for a picture.
package enum PictureLookUp: Sendable, Equatable {
    case found(ProfilePicture)
    /// Still the one that was known.
    case unchanged
    /// There is none.
    case none
    /// There may be one, which this account may not see.
    case hidden

    init(answer: BinaryNode) throws(RequestError) {
        guard let node = answer.child("picture") else {
            self = .none
            return
        }
        switch node.attributes.integer("status", as: Int.self) {
        case 304:
            self = .unchanged
            return
        case 204:
            self = .none
            return
        default: break
        }
        guard let id = node.attributes.text("id"), let url = node.attributes.text("url"), url.hasPrefix("http") else {
            throw .malformed("picture")
        }
        self = .found(
            ProfilePicture(
                id: id,
                url: url,
                directPath: node.attributes.text("direct_path"),
                isPreview: node.attributes.text("type") == "preview"
            )
        )
    }
}

/// Who is blocked, and the version of the list.
package struct Blocklist: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var jid: JID
        package var phone: JID?
    }

    package static let limit = 10_000

    package var hash: String?
    package var entries: [Entry]

    init(answer: BinaryNode) throws(RequestError) {
        guard let list = answer.child("list") else { throw .malformed("blocklist") }
        hash = list.attributes.text("dhash")
        entries = list.children("item").prefix(Self.limit)
            .compactMap { item in
                guard let jid = item.attributes.jid("jid"), !jid.user.isEmpty else { return nil }
                return Entry(jid: jid.withoutDevice, phone: item.attributes.jid("pn_jid")?.withoutDevice)
            }
    }
}

/// What a business tells of itself.
package struct BusinessProfile: Sendable, Equatable {
    package struct Hours: Sendable, Equatable {
        /// `sun` to `sat`.
        package var day: String
        /// `open_24h`, `specific_hours`, `appointment_only`.
        package var mode: String
        /// Minutes after midnight.
        package var opens: Int?
        package var closes: Int?
    }

    package var jid: JID
    package var address: String?
    package var about: String?
    package var email: String?
    package var websites: [String]
    package var categories: [String]
    package var timeZone: String?
    package var hours: [Hours]

    /// Nil where the account is no business.
    static func read(answer: BinaryNode) throws(RequestError) -> BusinessProfile? {
        guard let list = answer.child("business_profile") else { throw .malformed("business_profile") }
        guard let node = list.child("profile"), let jid = node.attributes.jid("jid") else { return nil }
        let hours = node.child("business_hours")
        return BusinessProfile(
            jid: jid.withoutDevice,
            address: node.child("address")?.text,
            about: node.child("description")?.text,
            email: node.child("email")?.text,
            websites: node.children("website").prefix(16).compactMap(\.text),
            categories: node.child("categories")?.children("category").prefix(16).compactMap(\.text) ?? [],
            timeZone: hours?.attributes.text("timezone"),
            hours: hours?.children("business_hours_config").prefix(64).compactMap(Hours.init) ?? []
        )
    }
}

extension BusinessProfile.Hours {
    fileprivate init?(_ node: BinaryNode) {
        guard let day = node.attributes.text("day_of_week"), let mode = node.attributes.text("mode") else { return nil }
        self.init(
            day: day,
            mode: mode,
            opens: node.attributes.integer("open_time"),
            closes: node.attributes.integer("close_time")
        )
    }
}

/// Whom a contact code belongs to.
package struct ContactCodeOwner: Sendable, Equatable {
    package var jid: JID
    package var pushName: String?

    init(answer: BinaryNode) throws(RequestError) {
        guard let node = answer.child("qr"), let jid = node.attributes.jid("jid") else { throw .malformed("qr") }
        self.jid = jid.withoutDevice
        pushName = node.attributes.text("notify")
    }
}

/// The name that the service has confirmed for a business.
enum VerifiedName {
    /// Reads `<verified_name>certificate</verified_name>`; the signatures are the service's own business.
    static func read(_ node: BinaryNode) -> String? {
        guard
            let bytes = node.bytes,
            let certificate = try? WAVerifiedNameCertificate(serializedBytes: Array(bytes)),
            let details = try? WAVerifiedNameCertificate.Details(serializedBytes: certificate.details),
            !details.verifiedName.isEmpty
        else { return nil }
        return MessageContent.bounded(details.verifiedName, limit: 1_024)
    }
}

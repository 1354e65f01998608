package import Foundation
package import WhatsAppWire

/// A channel as the service describes it.
package struct Newsletter: Sendable, Equatable {
    package enum Role: String, Sendable {
        case owner = "OWNER"
        case admin = "ADMIN"
        case subscriber = "SUBSCRIBER"
        case guest = "GUEST"
    }

    package var jid: JID
    package var name: String
    package var about: String?
    package var invite: String?
    package var subscribers: Int?
    /// `ACTIVE`, `SUSPENDED`, `GEOSUSPENDED`, `NON_EXISTING`, `DELETED`.
    package var state: String?
    package var isVerified: Bool
    package var createdAt: Date?
    package var pictureID: String?
    package var role: Role?
    package var isMuted: Bool?
    /// Which reactions are allowed: `ALL`, `BASIC`, `NONE`, `BLOCKLIST`.
    package var reactions: String?

    /// Nil for what has no identifier of a channel.
    init?(_ json: JSONValue) {
        guard let jid = json.text("id").flatMap({ JID($0) }), jid.server == .newsletter, !jid.user.isEmpty else {
            return nil
        }
        let thread = json.member("thread_metadata")
        let viewer = json.member("viewer_metadata")
        self.jid = jid
        name = MessageContent.bounded(thread?.member("name")?.text("text") ?? "", limit: 4_096)
        about = thread?.member("description")?.text("text").map { MessageContent.bounded($0, limit: 16_384) }
        invite = thread?.text("invite")
        subscribers = thread?.integer("subscribers_count").flatMap { Int(exactly: $0) }
        state = json.member("state")?.text("type")?.uppercased()
        isVerified = thread?.text("verification") == "VERIFIED"
        createdAt = thread?.integer("creation_time").map { Date(timeIntervalSince1970: Double($0)) }
        pictureID = thread?.member("picture")?.text("id")
        role = viewer?.text("role").flatMap { Role(rawValue: $0.uppercased()) }
        isMuted = viewer?.text("mute").map { $0 == "ON" }
        reactions = thread?.member("settings")?.member("reaction_codes")?.text("value")
    }
}

/// What is to change in a channel; nil leaves it.
package struct NewsletterUpdate: Sendable, Equatable {
    package var name: String?
    package var about: String?
    /// JPEG; empty takes the picture away.
    package var picture: [UInt8]?
    /// `ALL`, `BASIC`, `NONE`.
    package var reactions: String?

    package init(name: String? = nil, about: String? = nil, picture: [UInt8]? = nil, reactions: String? = nil) {
        self.name = name
        self.about = about
        self.picture = picture
        self.reactions = reactions
    }
}

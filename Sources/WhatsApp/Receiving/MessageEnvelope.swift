internal import Foundation
internal import WhatsAppWire

/// What stands on the outside of a received message.
struct MessageEnvelope: Sendable {
    enum Kind: Sendable, Equatable { case person, group, broadcast, newsletter }

    var kind: Kind
    var id: String
    /// `from` as it came, with its device.
    var from: JID
    /// The device that encrypted it, in the namespace of the wire.
    var device: JID
    /// The other name of the same person: LID for a phone number, phone number for a LID.
    var alternate: JID?
    /// Bare.
    var chat: JID
    var isFromMe: Bool
    /// Whether it is between this account's own devices about themselves.
    var isPeer: Bool
    var recipient: JID?
    var recipientAlternate: JID?
    var timestamp: Date
    var pushName: String?
    var isOffline: Bool
    var edit: Int?
    var serverID: Int?

    /// Bare; the author as on the wire.
    var sender: JID {
        var bare = device.withoutDevice
        if bare.server == .hosted { bare.server = .user }
        if bare.server == .hostedLID { bare.server = .lid }
        return bare
    }

    /// Reads the attributes; nil where there is no sender, or no identifier.
    init?(_ node: BinaryNode, own: Credentials.LinkedAccount) {
        guard let from = node.attributes.jid("from"), let id = node.attributes.text("id"), !id.isEmpty,
            id.utf8.count <= 128
        else { return nil }
        self.id = id
        self.from = from
        let participant = node.attributes.jid("participant")
        switch from.server {
        case .group: kind = .group
        case .broadcast: kind = .broadcast
        case .newsletter: kind = .newsletter
        default: kind = .person
        }
        guard kind == .person || kind == .newsletter || participant != nil else { return nil }
        device = participant ?? from
        alternate = Self.alternate(of: device, node.attributes, isGroup: participant != nil)
        isFromMe = Self.isOwn(device, own) || (alternate.map { Self.isOwn($0, own) } ?? false)
        recipient = node.attributes.jid("recipient")?.withoutDevice
        recipientAlternate =
            node.attributes.jid("peer_recipient_lid") ?? node.attributes.jid("peer_recipient_pn")
            ?? node.attributes.jid("recipient_lid") ?? node.attributes.jid("recipient_pn")
        isPeer = node.attributes.text("category") == "peer"
        chat = kind == .person && isFromMe ? recipient ?? from.withoutDevice : from.withoutDevice
        timestamp = Date(timeIntervalSince1970: TimeInterval(node.attributes.integer("t", as: UInt32.self) ?? 0))
        pushName = node.attributes.text("notify")
        isOffline = node.attributes["offline"] != nil
        edit = node.attributes.integer("edit", as: UInt8.self).map(Int.init)
        serverID = node.attributes.integer("server_id", as: UInt32.self).map(Int.init)
    }

    static func isOwn(_ jid: JID, _ own: Credentials.LinkedAccount) -> Bool {
        switch jid.server {
        case .user, .legacyUser, .hosted: jid.user == own.jid.user
        case .lid, .hostedLID: jid.user == own.lid?.user
        default: false
        }
    }

    private static func alternate(of device: JID, _ attributes: BinaryNode.Attributes, isGroup: Bool) -> JID? {
        let wanted: JID.Server
        switch device.server {
        case .user, .hosted: wanted = .lid
        case .lid, .hostedLID: wanted = .user
        default: return nil
        }
        let prefix = isGroup ? "participant" : "sender"
        let other = attributes.jid(prefix + (wanted == .lid ? "_lid" : "_pn"))?.withoutDevice
        return other?.server == wanted ? other : nil
    }
}

import Foundation
import WhatsAppWire

/// A channel with its posts.
struct KeptChannel: Sendable, Codable {
    /// As many posts as are kept.
    static let capacity = 1_000

    let jid: JID
    let invite: String
    let owner: String
    let createdAt: UInt64
    var name: String
    var about: String
    var reactionCodes = "ALL"
    /// By number; the owner is not among them.
    var followers: Set<String> = []
    var muted: Set<String> = []
    private(set) var posts: [Post] = []
    private var lastServerID = 99

    struct Post: Sendable, Codable {
        let serverID: Int
        let id: String
        let type: String
        let timestamp: UInt64
        var plaintext: [UInt8]
        var mediaType: String?
        /// One emoji of each person, by number.
        var reactions: [String: String] = [:]
        var viewers: Set<String> = []
        var isEdited = false
    }

    init(jid: JID, invite: String, owner: String, createdAt: UInt64, name: String, about: String) {
        self.jid = jid
        self.invite = invite
        self.owner = owner
        self.createdAt = createdAt
        self.name = name
        self.about = about
    }

    mutating func add(id: String, type: String, mediaType: String?, _ plaintext: [UInt8], at time: UInt64) -> Post {
        lastServerID += 1
        let post = Post(
            serverID: lastServerID,
            id: id,
            type: type,
            timestamp: time,
            plaintext: plaintext,
            mediaType: mediaType
        )
        posts.append(post)
        if posts.count > Self.capacity { posts.removeFirst(posts.count - Self.capacity) }
        return post
    }

    /// Changes a post; nil when there is none of that number.
    mutating func change(_ serverID: Int?, _ change: (inout Post) -> Void) -> Post? {
        guard let index = posts.firstIndex(where: { $0.serverID == serverID }) else { return nil }
        change(&posts[index])
        return posts[index]
    }

    /// Changes a post of a name; nil when there is none.
    mutating func change(named id: String, _ change: (inout Post) -> Void) -> Post? {
        self.change(posts.last { $0.id == id }?.serverID, change)
    }

    func page(before: Int?, after: Int?, count: Int) -> [Post] {
        if let after { return Array(posts.filter { $0.serverID > after }.prefix(count)) }
        return posts.filter { $0.serverID < before ?? .max }.suffix(count)
    }

    func role(of number: String) -> String {
        if number == owner { return "OWNER" }
        return followers.contains(number) ? "SUBSCRIBER" : "GUEST"
    }

    /// As the service describes it to one account.
    func json(for number: String) -> [String: Any] {
        [
            "id": jid.description, "state": ["type": "ACTIVE"],
            "thread_metadata": [
                "creation_time": String(createdAt), "name": ["text": name], "description": ["text": about],
                "subscribers_count": String(followers.count), "invite": invite, "verification": "UNVERIFIED",
                "settings": ["reaction_codes": ["value": reactionCodes]],
            ],
            "viewer_metadata": ["mute": muted.contains(number) ? "ON" : "OFF", "role": role(of: number)],
        ]
    }
}

extension KeptChannel.Post {
    /// Wire form: `<message id server_id type t [is_sender] [edit]><plaintext/><views_count/><reactions/></message>`.
    func node(isOwn: Bool, withContent: Bool) -> BinaryNode {
        var counts: [String: Int] = [:]
        for code in reactions.values { counts[code, default: 0] += 1 }
        var children: [BinaryNode] = []
        if withContent {
            children.append(
                BinaryNode("plaintext", ["mediatype": mediaType.map { .text($0) }], bytes: plaintext)
            )
        }
        children.append(BinaryNode("views_count", ["count": .text(String(viewers.count))]))
        children.append(
            BinaryNode(
                "reactions",
                children: counts.sorted { $0.key < $1.key }
                    .map { BinaryNode("reaction", ["code": .text($0.key), "count": .text(String($0.value))]) }
            )
        )
        return BinaryNode(
            "message",
            [
                "id": .text(id), "server_id": .text(String(serverID)), "type": .text(type),
                "t": .text(String(timestamp)), "is_sender": isOwn ? "true" : nil, "edit": isEdited ? "3" : nil,
            ],
            children: children
        )
    }
}

/// All channels.
struct ChannelBoard: Sendable {
    /// By JID.
    var channels: [JID: KeptChannel] = [:]
    /// Who wants counters as they change.
    var live: [JID: Set<ConnectionID>] = [:]
    /// The number of the newest channel.
    var counter = 0

    mutating func create(owner: String, name: String, about: String, at time: UInt64) -> KeptChannel {
        counter += 1
        let digits = String(counter)
        let user = "120363" + String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        let channel = KeptChannel(
            jid: JID(user: user, server: .newsletter),
            invite: "0029Sandbox\(digits)",
            owner: owner,
            createdAt: time,
            name: name,
            about: about
        )
        channels[channel.jid] = channel
        return channel
    }
}

package import Foundation
internal import SwiftProtobuf
package import WhatsAppProtobufs
internal import WhatsAppWire

/// A post of a channel, or what is new about one.
package struct NewsletterPost: Sendable, Equatable {
    /// As many posts as one answer may hold.
    package static let limit = 1_000

    /// The channel's own number of it, from 100 up.
    package var serverID: Int
    package var id: String?
    package var timestamp: Date?
    package var isOwn: Bool
    /// Nil where only counters came, or it was taken back.
    package var message: WAMessage?
    package var views: Int?
    package var forwards: Int?
    /// How often each emoji was given.
    package var reactions: [String: Int]

    /// Reads `<message server_id id t is_sender>` with `plaintext`, `views_count`, `forwards_count` and `reactions`.
    init?(_ node: BinaryNode) {
        guard let number = node.attributes.integer("server_id", as: Int.self), number > 0 else { return nil }
        serverID = number
        id = node.attributes.text("id")
        timestamp = node.attributes.date("t")
        isOwn = node.attributes.text("is_sender") == "true"
        if let bytes = node.child("plaintext")?.bytes, !bytes.isEmpty {
            message = try? WAMessage(serializedBytes: Array(bytes))
        }
        views = node.child("views_count")?.attributes.integer("count")
        forwards = node.child("forwards_count")?.attributes.integer("count")
        reactions = [:]
        for reaction in node.child("reactions")?.children("reaction").prefix(256) ?? [] {
            guard
                let code = reaction.attributes.text("code"), code.utf8.count <= 64,
                let count = reaction.attributes.integer("count", as: Int.self), count > 0
            else { continue }
            reactions[code] = count
        }
    }

    /// All posts of `<messages>`.
    static func list(_ messages: BinaryNode) -> [NewsletterPost] {
        messages.children("message").prefix(limit).compactMap(NewsletterPost.init)
    }
}

internal import Foundation
internal import SwiftProtobuf
package import WhatsAppProtobufs
package import WhatsAppWire

/// Requests about channels, without their identifiers.
package enum NewsletterRequests {
    // MARK: Channels

    /// `key` is a channel's JID or, with `isInvite`, the code of a link.
    package static func metadata(_ key: String, isInvite: Bool, _ queries: MexQueries) -> BinaryNode {
        Mex.query(
            queries.newsletter,
            [
                "input": [
                    "key": .string(key), "type": .string(isInvite ? "INVITE" : "JID"), "view_role": .string("GUEST"),
                ],
                "fetch_viewer_metadata": .bool(true), "fetch_full_image": .bool(true),
                "fetch_creation_time": .bool(true), "fetch_status_metadata": .bool(false),
                "fetch_wamo_sub": .bool(false),
            ]
        )
    }

    package static func subscribed(_ queries: MexQueries) -> BinaryNode {
        Mex.query(
            queries.subscribedNewsletters,
            ["fetch_status_metadata": .bool(false), "fetch_wamo_sub": .bool(false)]
        )
    }

    package static func create(
        name: String,
        about: String?,
        picture: [UInt8]?,
        _ queries: MexQueries
    ) throws(RequestError) -> BinaryNode {
        try check(name: name, about: about)
        return Mex.query(
            queries.createNewsletter,
            [
                "input": [
                    "name": .string(name), "description": about.map { .string($0) } ?? .null,
                    "picture": picture.map { .string(Data($0).base64EncodedString()) } ?? .null,
                ]
            ]
        )
    }

    package static func update(
        _ jid: JID,
        _ update: NewsletterUpdate,
        _ queries: MexQueries
    ) throws(RequestError) -> BinaryNode {
        try check(name: update.name, about: update.about)
        var members: [JSONValue.Member] = []
        if let name = update.name { members.append(.init(name: "name", value: .string(name))) }
        if let about = update.about { members.append(.init(name: "description", value: .string(about))) }
        if let picture = update.picture {
            members.append(.init(name: "picture", value: .string(Data(picture).base64EncodedString())))
        }
        let settings: JSONValue = update.reactions.map { ["reaction_codes": ["value": .string($0)]] } ?? .null
        members.append(.init(name: "settings", value: settings))
        return Mex.query(
            queries.updateNewsletter,
            ["newsletter_id": .string(jid.description), "updates": .object(members)]
        )
    }

    package static func follow(_ jid: JID, _ queries: MexQueries) -> BinaryNode {
        Mex.query(queries.followNewsletter, ["newsletter_id": .string(jid.description)])
    }

    package static func leave(_ jid: JID, _ queries: MexQueries) -> BinaryNode {
        Mex.query(queries.leaveNewsletter, ["newsletter_id": .string(jid.description)])
    }

    package static func delete(_ jid: JID, _ queries: MexQueries) -> BinaryNode {
        Mex.query(queries.deleteNewsletter, ["newsletter_id": .string(jid.description)])
    }

    package static func mute(_ jid: JID, isMuted: Bool, _ queries: MexQueries) -> BinaryNode {
        Mex.query(
            queries.muteNewsletter,
            [
                "input": [
                    "newsletter_id": .string(jid.description), "type": .string("MUTE_ADMIN_ACTIVITY"),
                    "value": .string(isMuted ? "ON" : "OFF"),
                ]
            ]
        )
    }

    /// Has to be said once before an account makes its first channel.
    package static func acceptTerms() -> BinaryNode {
        ProfileRequests.iq("set", "tos", BinaryNode("notice", ["id": "20601218", "stage": "5"]))
    }

    private static func check(name: String?, about: String?) throws(RequestError) {
        if let name { try MessageBuilder.check(name, "name", characters: 100) }
        if let about { try MessageBuilder.check(about, "description", limit: 8_192) }
    }

    // MARK: Posts

    /// Which posts a page of the history holds.
    package enum Page: Sendable, Equatable {
        case newest
        case before(Int)
        case after(Int)
    }

    package static func history(_ jid: JID, _ page: Page, count: Int) -> BinaryNode {
        var messages = BinaryNode(
            "messages",
            ["type": "jid", "jid": .jid(jid), "count": .text(String(min(max(count, 1), 100)))]
        )
        switch page {
        case .newest: break
        case .before(let number): messages.attributes["before"] = .text(String(number))
        case .after(let number): messages.attributes["after"] = .text(String(number))
        }
        return ProfileRequests.iq("get", "newsletter", messages)
    }

    static func history(in answer: BinaryNode) throws(RequestError) -> [NewsletterPost] {
        guard let messages = answer.child("messages") else { throw .malformed("messages") }
        return NewsletterPost.list(messages)
    }

    /// Asks for counters as they change; the answer says for how many seconds they come.
    package static func liveUpdates(_ jid: JID) -> BinaryNode {
        BinaryNode(
            "iq",
            ["to": .jid(jid), "type": "set", "xmlns": "newsletter"],
            children: [BinaryNode("live_updates")]
        )
    }

    // MARK: Stanzas

    /// A post; `handle` is the upload's where it has a medium.
    ///
    /// An edit goes out under the identifier of the post that it changes, a revoke with an empty text.
    package static func post(_ message: WAMessage, to jid: JID, id: String, handle: String?) throws(RequestError)
        -> BinaryNode
    {
        let shape = StanzaShape(of: message, to: jid)
        var attributes: BinaryNode.Attributes = ["to": .jid(jid), "id": .text(id), "type": .text(shape.type.rawValue)]
        if let handle { attributes["media_id"] = .text(handle) }
        var content = message
        if message.hasProtocolMessage {
            let key = message.protocolMessage.key
            guard !key.id.isEmpty else { throw .invalid(field: "target.id", reason: "no message id") }
            attributes["id"] = .text(key.id)
            attributes["edit"] = shape.edit.map { .text(String($0)) }
            attributes["type"] = "text"
            content = message.protocolMessage.hasEditedMessage ? message.protocolMessage.editedMessage : WAMessage()
        }
        guard let bytes: [UInt8] = try? content.serializedBytes() else {
            throw .invalid(field: "content", reason: "cannot be encoded")
        }
        var plaintext = BinaryNode("plaintext", bytes: bytes)
        if let mediaType = StanzaShape(of: content, to: jid).mediaType {
            plaintext.attributes["mediatype"] = .text(mediaType)
        }
        var children = [plaintext]
        if let meta = shape.meta { children.append(meta) }
        return BinaryNode("message", attributes, children: children)
    }

    /// An empty emoji takes the reaction back.
    package static func reaction(_ emoji: String, to serverID: Int, in jid: JID, id: String) -> BinaryNode {
        BinaryNode(
            "message",
            [
                "to": .jid(jid), "id": .text(id), "server_id": .text(String(serverID)), "type": "reaction",
                "edit": emoji.isEmpty ? "7" : nil,
            ],
            children: [BinaryNode("reaction", ["code": emoji.isEmpty ? nil : .text(emoji)])]
        )
    }

    /// All options that are chosen now.
    package static func vote(_ hashes: [[UInt8]], in poll: Int, of jid: JID, id: String) -> BinaryNode {
        BinaryNode(
            "message",
            ["to": .jid(jid), "id": .text(id), "server_id": .text(String(poll)), "type": "poll"],
            children: [
                BinaryNode("votes", children: hashes.map { BinaryNode("vote", bytes: $0) }),
                BinaryNode("meta", ["polltype": "vote"]),
            ]
        )
    }

    package static func viewed(_ serverIDs: [Int], in jid: JID, id: String) -> BinaryNode {
        let items = serverIDs.map { BinaryNode("item", ["server_id": .text(String($0))]) }
        return BinaryNode(
            "receipt",
            ["to": .jid(jid), "id": .text(id), "type": "view"],
            children: [BinaryNode("list", children: items)]
        )
    }
}

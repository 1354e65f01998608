import Foundation
import SwiftProtobuf
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp

struct NewsletterTests {
    private let jid = JID(user: "120363000000000009", server: .newsletter)
    private let queries = MexQueries()

    private func mex(_ json: String) -> BinaryNode {
        BinaryNode("iq", ["type": "result"], children: [BinaryNode("result", text: json)])
    }

    private func notification(_ operation: String, _ json: String) -> BinaryNode {
        BinaryNode(
            "notification",
            ["type": "mex", "id": "1"],
            children: [BinaryNode("update", ["op_name": .text(operation)], text: json)]
        )
    }

    @Test func variablesAreJSON() throws {
        let iq = try NewsletterRequests.create(name: "A \"b\"\n\u{1}", about: nil, picture: [1, 2, 3], queries)
        let query = try #require(iq.child("query"))
        #expect(query.attributes.text("query_id") == queries.createNewsletter)
        let text = try #require(query.text)
        let decoded = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: [String: Any]]]
        )
        #expect(decoded["variables"]?["input"]?["name"] as? String == "A \"b\"\n\u{1}")
        #expect(decoded["variables"]?["input"]?["picture"] as? String == "AQID")
        #expect(decoded["variables"]?["input"]?["description"] is NSNull)
        #expect(throws: RequestError.invalid(field: "name", reason: .empty)) {
            try NewsletterRequests.create(name: "", about: nil, picture: nil, queries)
        }
    }

    @Test func channelIsRead() throws {
        let json = try Mex.value(
            "xwa2_newsletter",
            in: mex(
                """
                {"data":{"xwa2_newsletter":{"id":"120363000000000009@newsletter","state":{"type":"active"},
                "thread_metadata":{"creation_time":"1688746895","name":{"text":"News"},"description":{"text":"All"},
                "subscribers_count":"12","invite":"abc","verification":"VERIFIED",
                "settings":{"reaction_codes":{"value":"ALL"}}},"viewer_metadata":{"mute":"ON","role":"OWNER"}}}}
                """
            )
        )
        let channel = try #require(Newsletter(json))
        #expect(channel.jid == jid)
        #expect(channel.name == "News")
        #expect(channel.subscribers == 12)
        #expect(channel.state == "ACTIVE")
        #expect(channel.role == .owner)
        #expect(channel.isMuted == true)
        #expect(channel.isVerified)
        #expect(channel.reactions == "ALL")
        #expect(Newsletter(["id": .string("1@g.us")]) == nil)
    }

    @Test func errorsInTheAnswerAreRefusals() {
        let refused = mex(#"{"data":null,"errors":[{"message":"gone","extensions":{"error_code":410}}]}"#)
        #expect(throws: RequestError.refused(code: 410, text: "gone", backOff: nil)) { try Mex.value("x", in: refused) }
        #expect(throws: RequestError.refused(code: 404, text: nil, backOff: nil)) {
            try Mex.value("x", in: mex(#"{"data":{"x":null}}"#))
        }
        #expect(throws: RequestError.malformed("mex")) { try Mex.value("x", in: mex("{")) }
        #expect(throws: RequestError.malformed("mex")) { try Mex.value("x", in: BinaryNode("iq")) }
        let argo = BinaryNode("iq", children: [BinaryNode("result", ["format": "argo"], bytes: [1])])
        #expect(throws: RequestError.malformed("mex format")) { try Mex.value("x", in: argo) }
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: RequestError.malformed("mex")) { try Mex.value("x", in: mex(deep)) }
    }

    @Test func historyIsRead() throws {
        var message = WAMessage()
        message.conversation = "first"
        let reactions = [
            BinaryNode("reaction", ["code": "👍", "count": "3"]), BinaryNode("reaction", ["code": "x", "count": "-1"]),
        ]
        let post = BinaryNode(
            "message",
            ["server_id": "101", "id": "3EB0", "t": "1700000000", "is_sender": "true"],
            children: [
                BinaryNode("plaintext", bytes: try message.serializedBytes() as [UInt8]),
                BinaryNode("views_count", ["count": "9"]), BinaryNode("reactions", children: reactions),
            ]
        )
        let broken = BinaryNode("message", ["server_id": "102"], children: [BinaryNode("plaintext", bytes: [0xff])])
        let messages = BinaryNode("messages", children: [post, BinaryNode("message"), broken])
        let posts = try NewsletterRequests.history(in: BinaryNode("iq", children: [messages]))
        #expect(posts.map(\.serverID) == [101, 102])
        #expect(posts[0].message?.conversation == "first")
        #expect(posts[0].reactions == ["👍": 3])
        #expect(posts[0].views == 9)
        #expect(posts[0].isOwn)
        #expect(posts[1].message == nil)
    }

    @Test func editGoesOutUnderThePostsName() throws {
        let builder = MessageBuilder(chat: jid, own: MessageFixtures.own, now: MessageFixtures.now)
        var random = SystemRandomNumberGenerator()
        let target = MessageTarget(chat: jid, id: "POST", isFromMe: true)
        let edit = try builder.build(
            OutgoingMessage(.edit(OutgoingEdit(target: target, text: OutgoingText("new")))),
            using: &random
        )
        let stanza = try NewsletterRequests.post(edit, to: jid, id: "OTHER", handle: nil)
        #expect(stanza.attributes.text("id") == "POST")
        #expect(stanza.attributes.text("edit") == "3")
        let bytes = try #require(stanza.child("plaintext")?.bytes)
        #expect(try WAMessage(serializedBytes: Array(bytes)).conversation == "new")
        let revoke = try builder.build(OutgoingMessage(.revoke(target)), using: &random)
        let taken = try NewsletterRequests.post(revoke, to: jid, id: "OTHER", handle: nil)
        #expect(taken.attributes.text("edit") == "8")
        #expect(taken.child("plaintext")?.bytes?.isEmpty == true)
    }

    @Test func mediumGoesOutWithItsHandle() throws {
        let image = OutgoingImage(media: MessageFixtures.media(isEncrypted: false))
        var random = SystemRandomNumberGenerator()
        let message = try MessageFixtures.builder(chat: jid).build(OutgoingMessage(.image(image)), using: &random)
        #expect(!message.hasMessageContextInfo)
        #expect(!message.imageMessage.hasMediaKey)
        let stanza = try NewsletterRequests.post(message, to: jid, id: "A", handle: "H")
        #expect(stanza.attributes.text("type") == "media")
        #expect(stanza.attributes.text("media_id") == "H")
        #expect(stanza.child("plaintext")?.attributes.text("mediatype") == "image")
    }

    @Test func noticesOfChannelsAreEvents() {
        let joined = notification("NotificationNewsletterJoin", #"{"data":{"x":{"id":"\#(jid)"}}}"#)
        #expect(NewsletterEvent.read(joined) == [NewsletterEvent(newsletter: jid, kind: .followed)])
        let muted = notification("NotificationNewsletterMuteChange", #"{"data":{"x":{"id":"\#(jid)","mute":"ON"}}}"#)
        #expect(NewsletterEvent.read(muted) == [NewsletterEvent(newsletter: jid, kind: .muted(true))])
        #expect(NewsletterEvent.read(notification("NotificationNewsletterJoin", "[]")).isEmpty)
        #expect(NewsletterEvent.read(notification("NotificationNewsletterJoin", #"{"data":{"x":{}}}"#)).isEmpty)
        let live = BinaryNode(
            "notification",
            ["type": "newsletter", "from": .jid(jid)],
            children: [
                BinaryNode(
                    "live_updates",
                    children: [BinaryNode("messages", children: [BinaryNode("message", ["server_id": "7"])])]
                )
            ]
        )
        guard case .posts(let posts) = NewsletterEvent.read(live).first?.kind else {
            Issue.record("no posts")
            return
        }
        #expect(posts.map(\.serverID) == [7])
    }

    @Test func limitsAreRead() {
        let lock = notification(
            "NotificationUserReachoutTimelockUpdate",
            #"{"data":{"xwa2_notify_account_reachout_timelock":{"is_active":true,"time_enforcement_ends":"1786218427"}}}"#
        )
        let until = Date(timeIntervalSince1970: 1_786_218_427)
        #expect(RestrictionNotice.read(lock) == [.reachOutLock(isActive: true, until: until)])
        let cap = notification(
            "MessageCappingInfoNotification",
            #"{"data":{"xwa2_notify_message_capping_info":{"used_quota":30,"total_quota":"30"}}}"#
        )
        #expect(RestrictionNotice.read(cap) == [.newChats(used: 30, total: 30, isReached: true)])
        var restrictions = SessionRestrictions()
        restrictions.apply(.reachOutLock(isActive: true, until: until))
        #expect(restrictions.isReachOutLocked)
        restrictions.apply(.reachOutLock(isActive: false, until: until))
        #expect(restrictions.reachOutLockedUntil == nil)
    }
}

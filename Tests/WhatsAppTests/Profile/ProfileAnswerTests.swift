import SwiftProtobuf
import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp

struct ProfileAnswerTests {
    private func answer(_ children: BinaryNode...) -> BinaryNode {
        BinaryNode("iq", ["type": "result"], children: children)
    }

    @Test func pictureIsFoundOrNot() throws {
        let node = BinaryNode("picture", ["id": "7", "url": "https://pps.example/x", "type": "preview"])
        let expected = ProfilePicture(id: "7", url: "https://pps.example/x", directPath: nil, isPreview: true)
        #expect(try PictureLookUp(answer: answer(node)) == .found(expected))
        #expect(try PictureLookUp(answer: answer(BinaryNode("picture", ["status": "304"]))) == .unchanged)
        #expect(try PictureLookUp(answer: answer(BinaryNode("picture", ["status": "204"]))) == .none)
        #expect(try PictureLookUp(answer: answer()) == .none)
        #expect(throws: RequestError.malformed("picture")) {
            try PictureLookUp(answer: answer(BinaryNode("picture", ["id": "1", "url": "file:///etc/passwd"])))
        }
    }

    @Test func privacyLeavesOutWhatNobodyKnows() throws {
        let settings = try PrivacySettings(
            answer: answer(
                BinaryNode(
                    "privacy",
                    children: [
                        BinaryNode("category", ["name": "last", "value": "contact_blacklist"]),
                        BinaryNode("category", ["name": "readreceipts", "value": "none"]),
                        BinaryNode("category", ["name": "shoe_size", "value": "all"]),
                        BinaryNode("category", ["name": "online", "value": "sometimes"]),
                    ]
                )
            )
        )
        #expect(settings.values == [.lastSeen: .contactsExcept, .readReceipts: .nobody])
        #expect(!settings.sendsReadReceipts)
        #expect(throws: RequestError.malformed("privacy")) { try PrivacySettings(answer: answer()) }
    }

    @Test func privacyValuesMustFit() throws {
        let iq = try ProfileRequests.setPrivacy(.online, .matchLastSeen)
        #expect(iq.child("privacy")?.child("category")?.attributes.text("value") == "match_last_seen")
        #expect(throws: RequestError.invalid(field: "value", reason: "online has no none")) {
            try ProfileRequests.setPrivacy(.online, .nobody)
        }
        #expect(throws: RequestError.invalid(field: "category", reason: "online has no exclusion list")) {
            try ProfileRequests.changeExclusions(.online, [], hash: nil)
        }
    }

    @Test func blocklistIsReadAndBlocksName() throws {
        let lid = JID(user: "1", server: .lid)
        let phone = JID(user: "15551111", server: .user)
        let list = try Blocklist(
            answer: answer(
                BinaryNode(
                    "list",
                    ["dhash": "h"],
                    children: [
                        BinaryNode("item", ["jid": .jid(lid), "pn_jid": .jid(phone)]), BinaryNode("item"),
                    ]
                )
            )
        )
        #expect(list.hash == "h")
        #expect(list.entries == [.init(jid: lid, phone: phone)])
        let item = ProfileRequests.block(.lid(lid, phone: phone)).child("item")
        #expect(item == BinaryNode("item", ["action": "block", "jid": .jid(lid), "pn_jid": .jid(phone)]))
        let unblock = ProfileRequests.unblock(.lid(lid, phone: phone)).child("item")
        #expect(unblock == BinaryNode("item", ["action": "unblock", "jid": .jid(lid)]))
    }

    @Test func businessProfileIsRead() throws {
        let config = BinaryNode(
            "business_hours_config",
            ["day_of_week": "mon", "mode": "specific_hours", "open_time": "540", "close_time": "1020"]
        )
        let node = BinaryNode(
            "profile",
            ["jid": .jid(MessageFixtures.peer)],
            children: [
                BinaryNode("address", text: "Main Street 1"), BinaryNode("website", text: "https://example.org"),
                BinaryNode("categories", children: [BinaryNode("category", ["id": "1"], text: "Bakery")]),
                BinaryNode("business_hours", ["timezone": "Europe/Berlin"], children: [config]),
            ]
        )
        let found = try BusinessProfile.read(answer: answer(BinaryNode("business_profile", children: [node])))
        let profile = try #require(found)
        #expect(profile.address == "Main Street 1")
        #expect(profile.websites == ["https://example.org"])
        #expect(profile.categories == ["Bakery"])
        #expect(profile.hours == [.init(day: "mon", mode: "specific_hours", opens: 540, closes: 1_020)])
        #expect(try BusinessProfile.read(answer: answer(BinaryNode("business_profile"))) == nil)
    }

    @Test func everyNumberGetsAnAnswer() throws {
        let numbers = try ["15551111", "15552222", "15553333", "15554444"].map { try PhoneNumber(parsing: $0) }
        var details = WAVerifiedNameCertificate.Details()
        details.verifiedName = "Bakery"
        var certificate = WAVerifiedNameCertificate()
        certificate.details = try details.serializedBytes()
        let business = BinaryNode(
            "business",
            children: [BinaryNode("verified_name", bytes: try certificate.serializedBytes() as [UInt8])]
        )
        let users = [
            BinaryNode(
                "user",
                ["jid": .jid(JID(user: "15551111", server: .user))],
                children: [
                    BinaryNode("contact", ["type": "in"]),
                    BinaryNode("lid", ["val": .jid(JID(user: "77", server: .lid))]), business,
                ]
            ),
            BinaryNode(
                "user",
                ["jid": .jid(JID(user: "88", server: .lid)), "pn_jid": .jid(JID(user: "15552222", server: .user))],
                children: [BinaryNode("contact", ["type": "in"])]
            ),
            BinaryNode(
                "user",
                ["jid": .jid(JID(user: "15553333", server: .user))],
                children: [BinaryNode("contact", ["type": "out"], text: "+15553333")]
            ),
        ]
        let found = try UserLookUps.numbers(
            numbers,
            in: answer(BinaryNode("usync", children: [BinaryNode("list", children: users)]))
        )
        #expect(found.map(\.isRegistered) == [true, true, false, false])
        #expect(found[0].lid == JID(user: "77", server: .lid))
        #expect(found[0].verifiedName == "Bakery")
        #expect(found[1].jid == JID(user: "15552222", server: .user))
        #expect(found[1].lid == JID(user: "88", server: .lid))
        #expect(found[2].jid == nil)
        #expect(throws: RequestError.malformed("usync")) { try UserLookUps.numbers(numbers, in: answer()) }
    }

    @Test func profilesAreRead() throws {
        let list = BinaryNode(
            "device-list",
            children: [BinaryNode("device", ["id": "0"]), BinaryNode("device", ["id": "70000"])]
        )
        let user = BinaryNode(
            "user",
            ["jid": .jid(MessageFixtures.peer)],
            children: [
                BinaryNode("status", ["t": "1700000000"], text: "Busy"), BinaryNode("picture", ["id": "9"]),
                BinaryNode("devices", children: [list]),
            ]
        )
        let profile = try #require(
            try UserLookUps.profiles(in: answer(BinaryNode("usync", children: [BinaryNode("list", children: [user])])))
                .first
        )
        #expect(profile.about == "Busy")
        #expect(profile.pictureID == "9")
        #expect(profile.devices == [0])
    }

    // MARK: Notifications

    private func notices(_ type: String, _ children: BinaryNode...) -> [ProfileNotice] {
        ProfileNotice.read(
            BinaryNode(
                "notification",
                ["from": .jid(MessageFixtures.peer), "type": .text(type), "id": "1"],
                children: children
            )
        )
    }

    @Test func noticesTellWhatChanged() {
        let peer = MessageFixtures.peer
        #expect(
            notices("picture", BinaryNode("set", ["id": "5"]))
                == [.profile(ProfileChange(jid: peer, kind: .picture(id: "5")))]
        )
        #expect(
            notices("picture", BinaryNode("delete")) == [.profile(ProfileChange(jid: peer, kind: .picture(id: nil)))]
        )
        #expect(
            notices("status", BinaryNode("set", text: "Hi")) == [.profile(ProfileChange(jid: peer, kind: .about("Hi")))]
        )
        let new = JID(user: "15559999", server: .user)
        let modify = BinaryNode("modify", ["old": .jid(peer), "new": .jid(new), "new_lid": "5@lid"])
        #expect(
            notices("contacts", modify)
                == [.numberChanged(from: peer, to: new, fromLID: nil, toLID: JID(user: "5", server: .lid))]
        )
        #expect(notices("disappearing_mode", BinaryNode("disappearing_mode", ["duration": "86400"])).count == 1)
        #expect(notices("contacts", BinaryNode("modify")).isEmpty)
        #expect(notices("else", BinaryNode("set")).isEmpty)
    }

    @Test func accountNoticesNameTheList() {
        let blocked = BinaryNode("item", ["jid": .jid(MessageFixtures.peer), "action": "block"])
        #expect(
            notices("account_sync", BinaryNode("blocklist", children: [blocked]), BinaryNode("privacy"))
                == [
                    .blocklist(BlocklistChange(blocked: [MessageFixtures.peer], unblocked: [], isReplaced: false)),
                    .privacyOutdated,
                ]
        )
        #expect(
            notices("account_sync", BinaryNode("blocklist"))
                == [.blocklist(BlocklistChange(blocked: [], unblocked: [], isReplaced: true))]
        )
    }
}

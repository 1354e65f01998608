import Foundation
import Testing
import WhatsAppWire

@testable import WhatsApp

/// What is read of a group, and how it is kept.
struct GroupMetadataTests {
    @Test func everythingKnownIsRead() throws {
        let group = try #require(GroupMetadata(groupNode))
        #expect(group.jid == .group)
        #expect(group.subject == "Harbour ⚓️")
        #expect(group.subjectAuthor == .lid(0))
        #expect(group.subjectChangedAt == Date(timeIntervalSince1970: 1_700_000_100))
        #expect(group.createdAt == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(group.creator == .lid(0))
        #expect(group.addressingMode == .lid)
        #expect(group.membersVersion == "1700000200000000")
        #expect(group.size == 3)
        #expect(
            group.description
                == GroupMetadata.Description(
                    id: "D1",
                    text: "Where the boats are",
                    author: .lid(1),
                    changedAt: Date(timeIntervalSince1970: 1_700_000_150)
                )
        )
        #expect(group.ephemeralExpiration == 604_800)
        #expect(group.parent == .community)
        #expect(
            group.flags == [
                .announcement, .locked, .adminsAdd, .joinApproval, .defaultSubgroup, .noFrequentlyForwarded,
                .adminReports,
            ]
        )
        #expect(
            Array(group.members) == [
                .fixture(0, role: .superadmin), .fixture(1, role: .admin), GroupMember(jid: .lid(2)),
            ],
            "who could not be added is no member"
        )
    }

    @Test(arguments: ["120363000000000001", "120363000000000001@g.us", "15550001111-1600000000"])
    func identifierMayLackTheServer(text: String) {
        let group = GroupMetadata(BinaryNode("group", ["id": .text(text), "subject": "A"]))
        #expect(group?.jid == JID(user: String(text.prefix { $0 != "@" }), server: .group))
        #expect(group?.addressingMode == .phoneNumber)
    }

    @Test func groupWithoutIdentifierIsNone() {
        #expect(GroupMetadata(BinaryNode("group", ["subject": "A"])) == nil)
        #expect(GroupMetadata(BinaryNode("group", ["id": "", "subject": "A"])) == nil)
        #expect(GroupMetadata(BinaryNode("group", ["id": "1@s.whatsapp.net"])) == nil)
    }

    @Test func hugeTextsAreCut() throws {
        let huge = String(repeating: "ß", count: 1_000_000)
        let node = BinaryNode(
            "group",
            ["id": "1", "subject": .text(huge), "s_t": "99999999999999999999", "size": "-5", "creation": "-1"],
            children: [
                BinaryNode("description", ["id": .text(huge)], children: [BinaryNode("body", text: huge)]),
                BinaryNode("ephemeral", ["expiration": "99999999999"]),
            ]
        )
        let group = try #require(GroupMetadata(node))
        #expect(group.byteCount < 100_000)
        #expect(group.subjectChangedAt == nil && group.createdAt == nil)
        #expect(group.size == 0 && group.ephemeralExpiration == 0)
    }

    @Test func tooManyMembersAreNoGroup() {
        let members = (0...GroupMembers.limit).map { BinaryNode("participant", ["jid": .jid(.lid($0))]) }
        #expect(GroupMetadata(BinaryNode("group", ["id": "1"], children: members)) == nil)
    }

    @Test func recordRoundTrips() throws {
        var group = try #require(GroupMetadata(groupNode))
        group.members.put([
            GroupMember(jid: JID(user: "867051314767696", server: .bot)),
            GroupMember(jid: JID(user: "007", server: .lid), alternate: .phone(7), role: .admin),
        ])
        #expect(GroupMetadata(record: group.record) == group)
        let empty = GroupMetadata(jid: .group, subject: "", addressingMode: .phoneNumber)
        #expect(GroupMetadata(record: empty.record) == empty)
    }

    @Test func recordOfTenThousandMembersIsCompact() throws {
        let group = GroupMetadata.fixture(members: 10_000)
        #expect(group.record.count < 160_000)
        #expect(group.byteCount < 260_000)
        #expect(GroupMetadata(record: group.record) == group)
    }

    @Test func damagedRecordsAreNoGroup() throws {
        let group = try #require(GroupMetadata(groupNode))
        let record = group.record
        for count in 0..<record.count { #expect(GroupMetadata(record: record.prefix(count)) == nil) }
        #expect(GroupMetadata(record: record + [0]) == nil)
        var random = SplitMix(seed: 7)
        for _ in 0..<20_000 {
            var damaged = record
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            // Whatever it reads, it must be able to write.
            if let group = GroupMetadata(record: damaged) { #expect(GroupMetadata(record: group.record) != nil) }
        }
    }
}

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

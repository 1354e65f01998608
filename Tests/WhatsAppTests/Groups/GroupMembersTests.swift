import Testing
import WhatsAppWire

@testable import WhatsApp

struct GroupMembersTests {
    @Test func nobodyIsInTwice() {
        var members = GroupMembers([.fixture(1), .fixture(2), .fixture(1, role: .admin)])
        #expect(members.count == 2)
        members.put([GroupMember(jid: .lid(2), alternate: .phone(2), role: .admin)])
        #expect(members.count == 2)
        #expect(members.member(.lid(2))?.role == .admin)
        members.put([GroupMember(jid: .phone(1))])
        #expect(members.count == 2, "the same person under the other address")
    }

    @Test func membersAreFoundUnderBothAddresses() {
        let members = GroupMembers([.fixture(1), GroupMember(jid: JID(user: "7", server: .bot))])
        #expect(members.member(.phone(1)) == .fixture(1))
        #expect(members.member(JID(user: JID.lid(1).user, server: .lid, device: 12)) == .fixture(1))
        #expect(members.member(JID(user: "7", server: .bot)) != nil)
        #expect(members.member(.lid(2)) == nil)
        // The digits alone do not make the person.
        #expect(members.member(JID(user: JID.lid(1).user, server: .user)) == nil)
    }

    @Test func addressesThatAreNoPlainNumbersSurvive() {
        for user in ["007", "+15550001111", "abc", "99999999999999999999999", "0"] {
            let member = GroupMember(jid: JID(user: user, server: .user))
            let members = GroupMembers([member])
            #expect(Array(members) == [member])
            #expect(members.member(member.jid) == member)
        }
    }

    @Test func changesGoByEitherAddress() {
        var members = GroupMembers((0..<5).map { GroupMember.fixture($0) })
        members.setRole(.admin, of: [GroupMember(jid: .phone(3))])
        #expect(members.member(.lid(3))?.role == .admin)
        members.remove([GroupMember(jid: .phone(1)), GroupMember(jid: .lid(2)), GroupMember(jid: .lid(99))])
        #expect(members.map(\.jid) == [.lid(0), .lid(3), .lid(4)])
    }

    @Test func thousandsOfChangesAtOnceAreOnePass() {
        var members = GroupMembers((0..<10_000).map { GroupMember.fixture($0) })
        let start = ContinuousClock.now
        members.put((10_000..<20_000).map { GroupMember.fixture($0) })
        members.setRole(.admin, of: (0..<10_000).map { GroupMember.fixture($0) })
        members.remove((5_000..<15_000).map { GroupMember.fixture($0) })
        #expect(members.count == 10_000)
        #expect(members.filter { $0.role == .admin }.count == 5_000)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func thereIsALimit() {
        let members = GroupMembers((0..<GroupMembers.limit + 10).map { GroupMember.fixture($0) })
        #expect(members.count == GroupMembers.limit)
    }
}

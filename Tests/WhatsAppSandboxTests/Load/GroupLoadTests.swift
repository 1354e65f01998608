import Testing
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

/// Traffic of the sandbox's own making in groups.
struct GroupLoadTests {
    @Test func orderIsRead() throws {
        let order = try LoadOrder(parsing: "phones=50,link=10,groups=20,members=8")
        #expect(order.groups == 20 && order.members == 8)
        #expect(try LoadOrder(parsing: "phones=5").groups == 0)
        for bad in ["groups=0", "members=1", "members=1025", "phones=3,groups=1,members=5"] {
            #expect(throws: SandboxError.self, "\(bad)") { try LoadOrder(parsing: bad) }
        }
    }

    @Test func everyPhoneWritesInEachOfItsGroups() {
        let order = LoadOrder(phones: 6, sessions: 2, groups: 3, members: 3)
        var traffic = LoadTraffic(order: order)
        let turns = (0..<6).map { _ in traffic.nextTurn() }
        #expect(turns.map(\.group) == [0, 1, 2, 0, 1, 2].map { LoadOrder.group($0) })
        #expect(turns.map(\.session) == [0, 1, 0, 0, 1, 0].map { LoadOrder.session($0) })
        #expect(Set(turns.map(\.writer)).count == 6)
        #expect(traffic.nextTurn() == turns[0])
    }

    @Test func sessionReadsAndItsAnswerIsCountedOnce() throws {
        var harness = ServerHarness()
        let order = LoadOrder(phones: 3, rate: 1, sessions: 1, groups: 1, members: 4)
        try harness.perform { state in
            _ = try state.prepare(order)
            let session = LoadOrder.session(0)
            // The harness's own companion takes the prepared one's place.
            try state.unlink(1, of: session)
            state.phones[session]?.nextDevice = 1
            state.load = LoadTraffic(order: order)
        }
        var companion = try SignalCompanion(number: LoadOrder.session(0), in: &harness)
        #expect(harness.state.connectedSessions == 1)
        harness.perform { $0.sendLoad(6) }
        let received = try companion.readAll(&harness)
        #expect(received.count == 6)
        let group = JID(user: LoadOrder.group(0), server: .group)
        #expect(received.allSatisfy { $0.node.attributes.jid("from") == group })
        let kinds = received.map { $0.node.children("enc").map { $0.attributes.text("type") } }
        #expect(kinds == Array(repeating: ["pkmsg", "skmsg"], count: 3) + Array(repeating: ["skmsg"], count: 3))
        #expect(harness.state.load?.counts.acknowledged == 6)

        let members = try #require(harness.state.group(group)).members
        #expect(members.count == 4)
        let phones = members.map { harness.state.person($0, by: .lid) }
        for (index, entry) in received.enumerated() {
            let answer = WAMessage.text("echo:" + entry.message.conversation)
            try companion.send(answer, id: "E\(index)", group: group, keyTo: index == 0 ? phones : [], &harness)
        }
        let counts = try #require(harness.state.load).counts
        #expect([counts.sent, counts.echoed, counts.doubled, counts.undecryptable, counts.errors] == [6, 6, 0, 0, 0])
    }
}

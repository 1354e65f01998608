import Foundation
import Testing
import WhatsAppWire

@testable import WhatsApp

struct CallNoticeTests {
    private let own = JID(user: "15550000", server: .user, device: 4)
    private let caller = JID(user: "15551111", server: .user, device: 2)

    private func call(_ child: BinaryNode) -> BinaryNode {
        BinaryNode("call", ["from": .jid(caller), "id": "c1", "t": "1700000000"], children: [child])
    }

    @Test func offerIsTakenWithAReceipt() throws {
        let offer = BinaryNode(
            "offer",
            ["call-id": "AA", "call-creator": .jid(caller)],
            children: [BinaryNode("audio"), BinaryNode("video")]
        )
        let notice = try #require(CallNotice(call(offer), own: own))
        #expect(notice.event.kind == .offer)
        #expect(notice.event.isVideo)
        #expect(notice.event.creator == caller.withoutDevice)
        #expect(notice.event.timestamp.timeIntervalSince1970 == 1_700_000_000)
        let inner = BinaryNode("offer", ["call-id": "AA", "call-creator": .jid(caller)])
        #expect(
            notice.answer
                == BinaryNode("receipt", ["id": "c1", "to": .jid(caller), "from": .jid(own)], children: [inner])
        )
    }

    @Test func endIsAcknowledged() throws {
        let terminate = BinaryNode("terminate", ["call-id": "AA", "call-creator": .jid(caller), "reason": "timeout"])
        let notice = try #require(CallNotice(call(terminate), own: own))
        #expect(notice.event.kind == .terminate)
        #expect(notice.event.reason == "timeout")
        #expect(
            notice.answer == BinaryNode("ack", ["class": "call", "type": "terminate", "id": "c1", "to": .jid(caller)])
        )
    }

    @Test func nonsenseIsAcknowledgedAndNotTold() {
        #expect(CallNotice(call(BinaryNode("offer")), own: own) == nil)
        #expect(CallNotice.answer(call(BinaryNode("offer")), own: own)?.tag == "receipt")
        let empty = BinaryNode("call", ["from": .jid(caller), "id": "c2"])
        #expect(CallNotice.answer(empty, own: own)?.attributes.text("class") == "call")
        #expect(CallNotice.answer(BinaryNode("call"), own: own) == nil)
    }

    @Test func rejectNamesTheCall() {
        let stanza = CallStanzas.reject("AA", creator: caller, own: own, id: "9")
        #expect(stanza.attributes.jid("to") == caller.withoutDevice)
        #expect(
            stanza.child("reject")
                == BinaryNode("reject", ["call-id": "AA", "call-creator": .jid(caller.withoutDevice), "count": "0"])
        )
    }
}

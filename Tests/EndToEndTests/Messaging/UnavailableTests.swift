import Foundation
import Testing
import WharfTestSupport
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsApp
@testable import WhatsAppSandbox

/// Messages that come without their content.
@Suite(.timeLimit(.minutes(4)))
struct UnavailableTests {
    private func notice(_ id: String, from: JID, type: String?) -> BinaryNode {
        BinaryNode(
            "message",
            [
                "id": .text(id), "from": .jid(from), "type": "text",
                "t": .text(String(Int(Date().timeIntervalSince1970))),
            ],
            children: [BinaryNode("unavailable", ["type": type.map { .text($0) }])]
        )
    }

    @Test func whatThePhoneAloneMayShowIsToldAsSuch() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            for type in ["view_once", "view_once_unavailable_fanout", "hosted_unavailable_fanout"] {
                let stanza = notice("3EB0\(type)", from: bob.lid, type: type)
                try await world.sandbox.deliver(stanza, toDevice: await ada.device, of: ada.jid.user)
            }
            try await eventually { ada.unreadable.count == 3 }
            #expect(ada.unreadable.map(\.reason) == [.viewOnce, .viewOnce, .unavailable])
            #expect(ada.unreadable.allSatisfy { $0.sender == bob.lid && $0.chat == bob.lid })
            // They do not come again.
            try await eventually {
                let acks = try await world.sandbox.recentStanzas().filter { $0.hasPrefix("received <ack") }
                return acks.filter { $0.contains(#"id="3EB0"#) }.count == 3
            }
            #expect(ada.messages.isEmpty)
            // The chat shows that there is something.
            #expect(ada.store.messages.count == 3)
            #expect(ada.store.messages.allSatisfy { $0.isPlaceholder && $0.chat == bob.lid.description })
        }
    }

    /// Not for this device: the own phone has it.
    @Test func whatWasNotForThisDeviceComesFromThePhone() async throws {
        try await SandboxWorld.withTwo { world, ada, bob in
            try await ada.hasHistory()
            let (number, author) = (ada.jid.user, bob.jid)
            try await world.sandbox.onLoop { engine in
                engine.perform { state in
                    var content = WAMessage()
                    content.conversation = "early"
                    state.phones[number]?.log.add(
                        id: "3EB0EARLY",
                        chat: author,
                        author: DeviceAddress(number: author.user, device: 0),
                        isOwn: false,
                        time: Date(),
                        content: content
                    )
                }
            }
            let stanza = notice("3EB0EARLY", from: bob.lid, type: nil)
            try await world.sandbox.deliver(stanza, toDevice: await ada.device, of: ada.jid.user)
            try await eventually { ada.texts == ["early"] }
            #expect(ada.unreadable.map(\.reason) == [.unavailable])
            #expect(ada.messages.first?.id == "3EB0EARLY")
            #expect(ada.messages.first?.sender == bob.lid)
            #expect(ada.store.messages.filter { $0.id == "3EB0EARLY" }.map(\.kind) == ["text"])
        }
    }
}

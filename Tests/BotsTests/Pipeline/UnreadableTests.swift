import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppWire

@testable import Bots
@testable import WhatsAppSandbox

/// Messages without content that a bot can read.
struct UnreadableTests {
    @Test func theLogSaysThatAMessageCouldNotBeRead() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let account = try #require(await world.session().account)
            let sender = try #require(Person(number: bob.number)?.jid)
            for (type, words) in [("view_once", "on the phone alone"), ("hosted_unavailable_fanout", "its content")] {
                let stanza = BinaryNode(
                    "message",
                    [
                        "id": .text("3EB0\(type)\(bob.number)"), "from": .jid(sender), "type": "text",
                        "t": .text(String(Int(Date().timeIntervalSince1970))),
                    ],
                    children: [BinaryNode("unavailable", ["type": .text(type)])]
                )
                try await world.sandbox.deliver(stanza, toDevice: account.jid.device, of: world.phone.number)
                try await eventually {
                    let lines = try await world.log()
                    return lines.filter { $0.contains("could not be read here") && $0.contains(words) }.count == 1
                }
            }
        }
    }
}

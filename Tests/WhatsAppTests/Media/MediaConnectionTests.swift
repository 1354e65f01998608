import Foundation
import Testing
import WhatsApp
import WhatsAppWire

struct MediaConnectionTests {
    private func answer(_ hosts: [BinaryNode], _ attributes: BinaryNode.Attributes = ["auth": "A+/=", "ttl": "100"])
        -> BinaryNode
    {
        BinaryNode("iq", ["type": "result"], children: [BinaryNode("media_conn", attributes, children: hosts)])
    }

    private func host(_ name: String, _ type: String = "primary", upload: [String] = []) -> BinaryNode {
        BinaryNode(
            "host",
            ["hostname": .text(name), "type": .text(type), "maxContentLengthBytes": "1000"],
            children: upload.isEmpty ? [] : [BinaryNode("upload", children: upload.map { BinaryNode($0) })]
        )
    }

    @Test func hostsComeBeforeTheirFallbacks() throws {
        let connection = try #require(
            MediaConnection(
                answer([host("fallback.example", "fallback"), host("one.example"), host("two.example:443")])
            )
        )
        #expect(connection.authorization == "A+/=")
        #expect(connection.lifetime == .seconds(100))
        let names = connection.uploadHosts(for: "image").map(\.name)
        #expect(names == ["one.example", "two.example:443", "fallback.example"])
        #expect(connection.hosts.first?.maximumLength == 1_000)
    }

    @Test func hostThatTakesOtherTypesIsPassedOver() throws {
        let connection = try #require(
            MediaConnection(
                answer([host("a.example", upload: ["video"]), host("b.example", upload: ["image", "ptt"])])
            )
        )
        #expect(connection.uploadHosts(for: "image").map(\.name) == ["b.example"])
        #expect(connection.uploadHosts(for: "document").map(\.name) == ["a.example", "b.example"])
        #expect(connection.downloadHosts(for: "image").map(\.name) == ["a.example", "b.example"])
    }

    @Test func answerWithoutAUsableHostIsNone() {
        #expect(MediaConnection(answer([])) == nil)
        #expect(MediaConnection(answer([host("a/b")])) == nil)
        #expect(MediaConnection(answer([host("a@b")])) == nil)
        #expect(MediaConnection(answer([host("")])) == nil)
        #expect(MediaConnection(answer([host("a.example")], ["ttl": "1"])) == nil)
        #expect(MediaConnection(BinaryNode("iq")) == nil)
    }

    @Test func connectionIsForgottenBeforeItsTime() throws {
        let connection = try #require(MediaConnection(answer([host("a.example")])))
        let now = Date(timeIntervalSince1970: 1_000)
        var hosts = MediaHosts()
        #expect(hosts.current(at: now) == nil)
        hosts.set(connection, at: now)
        #expect(hosts.current(at: now.addingTimeInterval(69)) == connection)
        #expect(hosts.current(at: now.addingTimeInterval(70)) == nil)
        hosts.drop(connection)
        #expect(hosts.current(at: now) == nil)
    }

    @Test func newerConnectionOutlivesTheRefusalOfAnOlderOne() throws {
        let old = try #require(MediaConnection(answer([host("a.example")], ["auth": "old", "ttl": "100"])))
        let new = try #require(MediaConnection(answer([host("a.example")], ["auth": "new", "ttl": "100"])))
        var hosts = MediaHosts()
        hosts.set(new, at: Date(timeIntervalSince1970: 0))
        hosts.drop(old)
        #expect(hosts.current(at: Date(timeIntervalSince1970: 1)) == new)
    }

    @Test(arguments: ["-1", "99999999999", "x", ""])
    func absurdLifetimesAreBounded(_ ttl: String) throws {
        let attributes: BinaryNode.Attributes = ["auth": "a", "ttl": .text(ttl)]
        let connection = try #require(MediaConnection(answer([host("a.example")], attributes)))
        #expect(connection.lifetime >= .zero)
        #expect(connection.lifetime <= .seconds(7 * 86_400))
    }
}

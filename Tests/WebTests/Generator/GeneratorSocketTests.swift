import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct GeneratorSocketTests {
    @Test func eventsRiseAndCanBeCaughtUpWith() async throws {
        try await withGeneratorSite { (site, _) async throws in
            let id = try await site.begin()
            let first = try await site.follow(id)
            var last = 0
            var names: [String] = []
            while !names.contains("qr") {
                let message = try await first.receiveJSON()
                #expect(message["topic"] as? String == "generator:\(id)")
                let number = try #require(message["id"] as? Int)
                #expect(number > last)
                last = number
                names.append(message["event"] as? String ?? "")
            }
            #expect(names.contains("status"))
            await first.connection.close()

            let second = try await BrowserClient(site)
            try await second.send(#"{"subscribe":"generator:\#(id)","after":\#(last)}"#)
            #expect(try await site.post("/api/sandbox/scan", json: #"{"attempt":"\#(id)"}"#).status == 204)
            let message = try await second.receiveJSON()
            #expect(try #require(message["id"] as? Int) > last)
            _ = try await second.event("session-generated")
        }
    }

    @Test func aTopicIsFollowedOnceAndCanBeLeft() async throws {
        try await withGeneratorSite(configuration: .test { $0.sockets.subscriptions = 2 }) { (site, _) async throws in
            let id = try await site.begin()
            let client = try await site.follow(id)
            _ = try await client.event("qr")
            try await client.send(#"{"subscribe":"generator:\#(id)"}"#)
            #expect(try await client.errorCode() == "socket.already_subscribed")
            let second = try await site.begin()
            let third = try await site.begin()
            try await client.send(#"{"subscribe":"generator:\#(second)"}"#)
            _ = try await client.event("qr")
            try await client.send(#"{"subscribe":"generator:\#(third)"}"#)
            #expect(try await client.errorCode() == "socket.too_many_subscriptions")
            try await client.send(#"{"unsubscribe":"generator:\#(id)"}"#)
            try await client.send(#"{"subscribe":"generator:\#(third)"}"#)
            while true {
                let message = try await client.receiveJSON()
                guard message["topic"] as? String == "generator:\(third)" else { continue }
                if message["event"] as? String == "qr" { break }
                #expect(message["error"] == nil)
            }
            try await client.send(#"{"unsubscribe":"generator:\#(id)"}"#)
            #expect(try await client.errorCode() == "socket.not_subscribed")
        }
    }

    @Test func anAttemptThatIsDeletedEndsItsTopic() async throws {
        try await withGeneratorSite(configuration: .test { $0.sockets.subscriptions = 1 }) { (site, _) async throws in
            let id = try await site.begin()
            let client = try await site.follow(id)
            _ = try await client.event("qr")
            #expect(try await site.request("DELETE", "/api/session/\(id)").status == 204)
            // The place is free again, and the name is that of something gone.
            var code: String?
            repeat {
                try await client.send(#"{"subscribe":"generator:\#(id)"}"#)
                code = try await client.errorCode()
            } while code == "socket.already_subscribed"
            #expect(code == "generator.attempt_gone")
        }
    }
}

import Foundation
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct OperationsTests {
    @Test func healthSaysThatTheProcessLives() async throws {
        try await withSite { (site) async throws in
            let reply = try await site.get("/health")
            #expect(reply.status == 200)
            #expect(try reply.json()["status"] as? String == "ok")
        }
    }

    @Test func readyNamesWhatFailsAndNotWhy() async throws {
        struct Away: Error, CustomStringConvertible { var description: String { "host=secret" } }
        let checks = [
            ReadinessCheck("generator") {},
            ReadinessCheck("database") { throw Away() },
            ReadinessCheck("slow") { try await Task.sleep(for: .seconds(3600)) },
        ]
        try await withSite(readiness: checks) { (site) async throws in
            let reply = try await site.get("/ready")
            #expect(reply.status == 503)
            #expect(reply["Retry-After"] == "5")
            #expect(try reply.json()["failing"] as? [String] == ["database", "slow"])
            #expect(!reply.text.contains("secret"))
        }
    }

    @Test func readyIsPlainWhenAllIsWell() async throws {
        try await withSite(readiness: [ReadinessCheck("database") {}]) { (site) async throws in
            let reply = try await site.get("/ready")
            #expect(reply.status == 200)
            #expect(try reply.json()["failing"] == nil)
        }
    }

    @Test func metricsAreForThisMachineAndConfiguredReaders() async throws {
        try await withSite { (site) async throws in
            let reply = try await site.get("/metrics")
            #expect(reply.status == 200)
            #expect(reply["Content-Type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(reply.text == "wharf_test_metric 1\n")
            // A proxy on this machine that nobody told us of must not open them to the world.
            #expect(try await site.get("/metrics", ["X-Forwarded-For": "203.0.113.9"]).status == 403)
            #expect(try await site.get("/metrics", ["Forwarded": "for=203.0.113.9"]).status == 403)
        }
        let trusting = WebConfiguration.test { configuration in
            configuration.proxies = ProxyTrust(ranges: ["127.0.0.1"].compactMap { AddressRange($0) })
            configuration.metricsReaders = ["198.51.100.0/24"].compactMap { AddressRange($0) }
        }
        try await withSite(configuration: trusting) { (site) async throws in
            #expect(try await site.get("/metrics", ["X-Forwarded-For": "198.51.100.7"]).status == 200)
            let refused = try await site.get("/metrics", ["X-Forwarded-For": "203.0.113.9"])
            #expect(refused.status == 403)
            #expect(refused.errorCode == "request.forbidden")
        }
    }

    @Test func requestIDsOfTrustedProxiesAreKept() async throws {
        let given = "edge-1234567890"
        try await withSite { (site) async throws in
            #expect(try await site.get("/health", ["X-Request-ID": given])["X-Request-ID"] != given)
        }
        let trusting = WebConfiguration.test { configuration in
            configuration.proxies = ProxyTrust(ranges: ["127.0.0.1"].compactMap { AddressRange($0) })
        }
        try await withSite(configuration: trusting) { (site) async throws in
            #expect(try await site.get("/health", ["X-Request-ID": given])["X-Request-ID"] == given)
            for silly in ["short", "with blanks in it", String(repeating: "x", count: 65), "<script>alert"] {
                #expect(try await site.get("/health", ["X-Request-ID": silly])["X-Request-ID"] != silly)
            }
        }
    }

    @Test func theLogHasPatternsAndNoSecrets() async throws {
        let log = LogRecorder()
        try await withSite(logger: log.logger) { (site) async throws in
            _ = try await site.get("/generate/AAAAAAAAAAAAAAAAAAAAAAAA?token=hunter2")
            _ = try await site.get("/api/session/qr/AAAAAAAAAAAAAAAAAAAAAAAA")
            _ = try await site.get("/strange/hunter2", ["Cookie": "session=hunter2"])
            _ = try await site.post("/api/session/validate", json: #"{"sessionID":"hunter2"}"#)
        }
        let text = log.lines.joined(separator: "\n")
        #expect(text.contains("http.route=/generate/{id}"))
        #expect(text.contains("http.route=/api/session/qr/{id}"))
        #expect(text.contains("http.route=NotFound"))
        #expect(text.contains("http.status=404"))
        #expect(!text.contains("AAAAAAAA"))
        #expect(!text.contains("hunter2"))
        #expect(!text.contains("127.0.0.1 "))
    }
}

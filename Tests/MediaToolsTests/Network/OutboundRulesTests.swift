import NIOCore
import Testing

@testable import MediaTools

@Suite struct OutboundRulesTests {
    @Test(arguments: [
        "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1",
        "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2001:db8::1",
        "2001::1", "2002:7f00:1::", "2002:c0a8:101::", "::7f00:1",
    ])
    func whatIsNotPublicIsRefused(address: String) throws {
        #expect(!OutboundRules().admits(try SocketAddress(ipAddress: address, port: 443)))
    }

    @Test(arguments: ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001:82f::200e"])
    func whatIsPublicIsAdmitted(address: String) throws {
        #expect(OutboundRules().admits(try SocketAddress(ipAddress: address, port: 443)))
        #expect(!OutboundRules().admits(try SocketAddress(ipAddress: address, port: 25)))
    }

    @Test func anAddressCanBeAllowed() throws {
        let rules = OutboundRules(allowed: ["127.0.0.1:8080"])
        #expect(rules.admits(try SocketAddress(ipAddress: "127.0.0.1", port: 8_080)))
        #expect(!rules.admits(try SocketAddress(ipAddress: "127.0.0.1", port: 8_081)))
    }

    @Test func requestsAreRead() throws {
        let tunnel = try #require(ProxyRequest(head: "CONNECT [2606:4700::1]:443 HTTP/1.1\r\nHost: x"))
        #expect(tunnel.host == "2606:4700::1" && tunnel.port == 443 && tunnel.head == nil)
        let plain = try #require(
            ProxyRequest(
                head: "GET http://a.example:81/b%20c?d=e HTTP/1.1\r\nHost: a.example:81\r\nProxy-Connection: x"
            )
        )
        #expect(plain.host == "a.example" && plain.port == 81)
        #expect(
            plain.head.map { String(decoding: $0, as: UTF8.self) }
                == "GET /b%20c?d=e HTTP/1.1\r\nHost: a.example:81\r\nConnection: close\r\n\r\n"
        )
        for bad in [
            "", "GET / HTTP/1.1", "GET ftp://x/ HTTP/1.1", "CONNECT x HTTP/1.1", "CONNECT :443 HTTP/1.1",
            "CONNECT x:99999 HTTP/1.1", "GET  HTTP/1.1",
        ] { #expect(ProxyRequest(head: bad) == nil, "\(bad)") }
    }
}

import HTTPTypes
import Testing

@testable import Web

struct NetworkAddressTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:DB8::1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"), ("::1", "::1"),
    ])
    func addressesAreReadInOneForm(text: String, form: String) throws {
        #expect(try #require(NetworkAddress(text)).description == form)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "localhost", "1.2.3.4:80", "[::1]", "::g", String(repeating: "1", count: 99),
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test func aNetworkIsOneIPv4AddressOrAnIPv6SixtyFour() throws {
        #expect(try #require(NetworkAddress("192.0.2.7")).network.description == "192.0.2.7")
        let one = try #require(NetworkAddress("2001:db8:1:2::a"))
        let other = try #require(NetworkAddress("2001:db8:1:2:ffff::b"))
        let elsewhere = try #require(NetworkAddress("2001:db8:1:3::a"))
        #expect(one.network == other.network)
        #expect(one.network != elsewhere.network)
    }

    @Test(arguments: [("127.0.0.1", true), ("127.8.9.1", true), ("::1", true), ("128.0.0.1", false), ("::2", false)])
    func loopbackIsKnown(text: String, isLoopback: Bool) throws {
        #expect(try #require(NetworkAddress(text)).isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.128/25", "192.0.2.127", false),
        ("192.0.2.128/25", "192.0.2.200", true), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false),
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
    ])
    func rangesContainTheirAddresses(range: String, address: String, isInside: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(try #require(NetworkAddress(address))) == isInside)
    }

    @Test(arguments: ["", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "10.0.0.0/x", "a/8"])
    func whatIsNoRangeIsRefused(text: String) {
        #expect(AddressRange(text) == nil)
    }
}

struct ProxyTrustTests {
    private let forwardedFor = ProxyTrust(ranges: ["10.0.0.0/8", "127.0.0.1"].compactMap { AddressRange($0) })
    private let forwarded = ProxyTrust(ranges: ["10.0.0.0/8"].compactMap { AddressRange($0) }, header: .forwarded)

    @Test(arguments: [
        // A stranger may write what it likes.
        ("192.0.2.1", ["198.51.100.1"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        // What a client wrote itself stands to the left of what our proxy added.
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1", "10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("10.0.0.1", ["2001:db8::1"], "2001:db8::1"),
        // Behind rubbish nothing is known.
        ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, rubbish, 10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", [",,,"], "10.0.0.1"),
    ])
    func theRightMostUntrustedAddressCounts(peer: String, values: [String], client: String) throws {
        var headers = HTTPFields()
        headers[values: .xForwardedFor] = values
        let peer = try #require(NetworkAddress(peer))
        #expect(forwardedFor.client(peer: peer, headers: headers).description == client)
    }

    @Test(arguments: [
        ("for=198.51.100.1;proto=https", "198.51.100.1"),
        ("for=1.1.1.1, proto=http;For=\"[2001:db8::1]:80\"", "2001:db8::1"),
        ("for=\"_hidden\"", "10.0.0.1"),
        ("proto=https", "10.0.0.1"),
    ])
    func forwardedIsReadWhenItIsConfigured(value: String, client: String) throws {
        let peer = try #require(NetworkAddress("10.0.0.1"))
        #expect(forwarded.client(peer: peer, headers: [.forwarded: value]).description == client)
        #expect(forwardedFor.client(peer: peer, headers: [.forwarded: value]) == peer)
    }
}

import Testing

@testable import Outreach

struct LinkTargetTests {
    private static let own = "https://wharf.example"

    @Test(
        arguments: [
            ("https://example.org", "https://example.org"),
            ("http://example.org:8080/a?b=c#d", "http://example.org:8080/a?b=c#d"),
            (" example.org/page\n", "https://example.org/page"), ("HTTPS://Example.ORG/A", "HTTPS://Example.ORG/A"),
            ("https://example.org/jalan besar", nil), ("https://example.org/café", "https://example.org/caf%C3%A9"),
            ("https://bücher.example/a", nil), ("https://xn--bcher-kva.example/a", "https://xn--bcher-kva.example/a"),
            ("https://wharf.example/docs", "https://wharf.example/docs"),
        ] as [(String, String?)]
    )
    func addressesAreTakenAsTheyAreWritten(text: String, address: String?) throws {
        guard let address else {
            #expect(throws: LinkError.invalidTarget(.notAnAddress)) { try LinkTarget(text, own: Self.own) }
            return
        }
        #expect(try LinkTarget(text, own: Self.own).address == address)
    }

    @Test(arguments: [
        "", "hello", "javascript:alert(1)", "data:text/html,x", "ftp://example.org", "//example.org", "https://",
        "https://localhost/x", "https://printer.local", "https://127.0.0.1/x", "https://[::1]/x", "https://2130706433",
        "https://0x7f.1", "https://example.org\r\nSet-Cookie: a=b", "https://exa mple.org", "https://-", "https://a..b",
        "https://example.org\\@evil.example", "file:///etc/passwd", "https:example.org",
    ])
    func whatIsNoAddressOfTheWebIsRefused(text: String) {
        #expect(throws: LinkError.self) { try LinkTarget(text, own: Self.own) }
    }

    @Test func credentialsLengthAndCirclesAreRefusedByName() {
        #expect(throws: LinkError.invalidTarget(.credentials)) {
            try LinkTarget("https://bank.example@evil.example/", own: Self.own)
        }
        #expect(throws: LinkError.invalidTarget(.tooLong(limit: 2_048))) {
            try LinkTarget("https://example.org/" + String(repeating: "a", count: 2_048), own: Self.own)
        }
        // Short as written, long as sent.
        #expect(throws: LinkError.invalidTarget(.tooLong(limit: 2_048))) {
            try LinkTarget("https://example.org/" + String(repeating: "é", count: 700), own: Self.own)
        }
        for text in [
            "https://wharf.example/link/abcdefg", "wharf.example/link/abcdefg", "https://WHARF.example/LINK/a",
        ] {
            #expect(throws: LinkError.invalidTarget(.circular)) { try LinkTarget(text, own: Self.own) }
        }
    }

    @Test func slugsAreSevenLettersAndDigits() {
        let drawn = Set((0..<1_000).map { _ in LinkSlug.random() })
        #expect(drawn.count == 1_000)
        #expect(drawn.allSatisfy { LinkSlug($0.text) == $0 })
        for text in ["", "abcdef", "abcdefgh", "abcde-g", "abcdéf", "abc efg"] { #expect(LinkSlug(text) == nil) }
    }
}

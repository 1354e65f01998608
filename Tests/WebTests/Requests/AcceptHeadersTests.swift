import HTTPTypes
import Testing

@testable import Web

struct AcceptHeadersTests {
    @Test(arguments: [
        ("gzip", true), ("gzip, deflate, br", true), ("br;q=1.0, gzip;q=0.5", true), ("gzip;q=0", false),
        ("gzip; q=0.0", false), ("identity", false), ("*", true), ("*;q=0", false), ("gzip;q=0, *", false),
        ("*;q=0, gzip", true), ("x-gzip", true), ("GZIP;Q=0.1", true), ("gzip;q=rubbish", false), ("", false),
        (",,;;q=", false),
    ])
    func gzipIsTakenByItsWeight(field: String, isAllowed: Bool) {
        #expect(AcceptEncoding([.acceptEncoding: field]).allowsGzip == isAllowed)
    }

    @Test func withoutAFieldNothingIsPacked() {
        #expect(!AcceptEncoding([:]).allowsGzip)
    }

    @Test(arguments: [
        ("image/png", "image/png"), ("image/*", "image/svg+xml"), ("*/*", "image/svg+xml"),
        ("text/plain", "text/plain"),
        ("image/svg+xml;q=0.5, image/png", "image/png"), ("image/svg+xml;q=0, image/*", "image/png"),
        ("text/html, */*;q=0.1", "image/svg+xml"),
        ("image/avif,image/webp,image/png,image/svg+xml,*/*;q=0.5", "image/svg+xml"),
        ("text/html", nil), ("*/*;q=0", nil),
    ])
    func theBestOfferWins(field: String, best: String?) {
        let accepted = AcceptedTypes([.accept: field])
        #expect(accepted.best(of: ["image/svg+xml", "image/png", "text/plain"]) == best)
    }

    @Test func whoNamesNothingTakesAnything() {
        #expect(AcceptedTypes([:]).best(of: ["a/b", "c/d"]) == "a/b")
    }

    @Test func cookiesAreReadOneByOne() {
        let cookies = Cookies([.cookie: "a=1; theme=dark;empty=; b=x=y; a=2; rubbish"])
        #expect(cookies["a"] == "1")
        #expect(cookies["theme"] == "dark")
        #expect(cookies["empty"] == "")
        #expect(cookies["b"] == "x=y")
        #expect(cookies["rubbish"] == nil)
    }
}

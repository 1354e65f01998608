import HTTPTypes
import Hummingbird
import Testing

@testable import Web

struct FormTests {
    @Test func fieldsAreDecoded() {
        let form = FormFields(parsing: "a=1&b=x+y%20z&c=%C3%A9&d=&e&a=2&=z&%zz=1&f=%4&g=%ff")
        #expect(form["a"] == "1")
        #expect(form["b"] == "x y z")
        #expect(form["c"] == "é")
        #expect(form["d"] == nil)
        #expect(form["e"] == nil)
        #expect(form["f"] == nil)
        #expect(form["g"] == nil)
        #expect(form["none"] == nil)
    }

    @Test func anyTextDecodes() {
        let alphabet = Array("ab=&%+0123fFzZ;\u{0}é")
        for _ in 0..<5000 {
            let text = String((0..<Int.random(in: 0...30)).compactMap { _ in alphabet.randomElement() })
            #expect((FormFields(parsing: text)["a"] ?? "").utf8.count <= text.utf8.count)
        }
    }

    private func request(cookie: String?) -> Request {
        var fields = HTTPFields()
        fields[.cookie] = cookie
        let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/generate", headerFields: fields)
        return Request(head: head, body: .init(buffer: .init()))
    }

    @Test func aTokenIsKeptAndAccepted() throws {
        let tokens = FormTokens(key: [UInt8](repeating: 3, count: 32), isHTTPS: false)
        let (token, cookie) = tokens.token(for: request(cookie: nil))
        let set = try #require(cookie)
        #expect(set.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
        let held = request(cookie: "wharf-form=\(token)")
        #expect(tokens.token(for: held).token == token)
        #expect(tokens.token(for: held).setCookie == nil)
        #expect(throws: Never.self) { try tokens.check(token, of: held) }
        // The key outlives a restart when it is configured.
        let later = FormTokens(key: [UInt8](repeating: 3, count: 32), isHTTPS: false)
        #expect(throws: Never.self) { try later.check(token, of: held) }
    }

    @Test func otherTokensAreRefused() throws {
        let tokens = FormTokens(key: nil, isHTTPS: false)
        let (token, _) = tokens.token(for: request(cookie: nil))
        let (other, _) = tokens.token(for: request(cookie: nil))
        #expect(token != other)
        let foreign = FormTokens(key: nil, isHTTPS: false).token(for: request(cookie: nil)).token
        let held = request(cookie: "wharf-form=\(token)")
        for wrong in [
            nil, "", other, foreign, String(token.dropLast()), token + "A", String(repeating: "A", count: 200),
        ] {
            #expect(throws: RequestError.csrf) { try tokens.check(wrong, of: held) }
        }
        // Both the same, and neither ours.
        #expect(throws: RequestError.csrf) { try tokens.check(foreign, of: request(cookie: "wharf-form=\(foreign)")) }
        #expect(throws: RequestError.csrf) { try tokens.check(token, of: request(cookie: nil)) }
    }
}

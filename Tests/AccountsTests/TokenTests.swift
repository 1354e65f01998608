import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import Accounts

struct AccessTokenTests {
    private let key = SymmetricKey(size: .bits256)
    private let now = Date(timeIntervalSince1970: 1_790_000_000)
    private let account = AccountID()
    private let login = APILoginID()

    private func token() throws -> String {
        try AccessToken(account: account, login: login, expiresAt: now + .seconds(900)).text(key: key)
    }

    @Test func whatWasWrittenIsRead() throws {
        let read = try #require(AccessToken(try token(), key: key, at: now))
        #expect(read.account == account)
        #expect(read.login == login)
        #expect(AccessToken(try token(), key: key, at: now + .seconds(900)) == nil)
        #expect(AccessToken(try token(), key: SymmetricKey(size: .bits256), at: now) == nil)
    }

    @Test func noOtherAlgorithmIsTaken() throws {
        let parts = try token().split(separator: ".").map(String.init)
        let none = SecretToken.base64URL(#"{"alg":"none","typ":"JWT"}"#.utf8)
        #expect(AccessToken("\(none).\(parts[1]).", key: key, at: now) == nil)
        #expect(AccessToken("\(none).\(parts[1]).\(parts[2])", key: key, at: now) == nil)
        #expect(AccessToken("\(parts[0]).\(parts[1]).", key: key, at: now) == nil)
        #expect(AccessToken("\(parts[0]).\(parts[1])", key: key, at: now) == nil)
        let wide = SecretToken.base64URL(#"{"alg":"HS512","typ":"JWT"}"#.utf8)
        let signature = HMAC<SHA512>.authenticationCode(for: Array("\(wide).\(parts[1])".utf8), using: key)
        #expect(AccessToken("\(wide).\(parts[1]).\(SecretToken.base64URL(signature))", key: key, at: now) == nil)
    }

    @Test func everyChangedByteVoidsIt() throws {
        let text = Array(try token().utf8)
        for index in text.indices {
            var changed = text
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let token = AccessToken(String(decoding: changed, as: UTF8.self), key: key, at: now)
            // The last character carries two bits that mean nothing.
            #expect(token == nil || index == text.count - 1, "\(index)")
        }
    }
}

struct IDTokenTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_000)
    private static let expectation = IDToken.Expectation(
        issuers: ["https://id.example"],
        clientID: "wharf",
        nonce: "n-1"
    )

    private let signer = P256.Signing.PrivateKey()

    private var keys: JSONWebKeys {
        get throws {
            let point = signer.publicKey.rawRepresentation
            let (x, y) = (SecretToken.base64URL(point.prefix(32)), SecretToken.base64URL(point.suffix(32)))
            let document = #"{"keys":[{"kty":"EC","crv":"P-256","kid":"k1","use":"sig","x":"\#(x)","y":"\#(y)"}]}"#
            return try #require(JSONWebKeys(Array(document.utf8)))
        }
    }

    private func token(_ changes: [String: Any?] = [:], header: String = #"{"alg":"ES256","kid":"k1"}"#) throws
        -> String
    {
        var claims: [String: Any] = [
            "iss": "https://id.example", "sub": "42", "aud": "wharf", "nonce": "n-1", "email": "ada@example.com",
            "email_verified": true, "exp": Self.now.timeIntervalSince1970 + 300, "iat": Self.now.timeIntervalSince1970,
        ]
        for (name, value) in changes { claims[name] = value }
        let body = SecretToken.base64URL(try JSONSerialization.data(withJSONObject: claims))
        let signed = SecretToken.base64URL(header.utf8) + "." + body
        let signature = try signer.signature(for: SHA256.hash(data: Array(signed.utf8))).rawRepresentation
        return signed + "." + SecretToken.base64URL(signature)
    }

    private func read(_ text: String) throws -> IDToken? {
        IDToken(text, keys: try keys, expecting: Self.expectation, at: Self.now)
    }

    @Test func aGoodTokenIsRead() throws {
        let token = try #require(try read(token()))
        #expect(token.subject == "42")
        #expect(token.email == "ada@example.com")
        #expect(token.isEmailVerified)
        #expect(try read(self.token(["aud": ["wharf"]]))?.subject == "42")
        #expect(try read(self.token(["aud": ["wharf", "other"], "azp": "wharf"]))?.subject == "42")
        #expect(try read(self.token(["email_verified": "true"]))?.isEmailVerified == true)
        #expect(try read(self.token(["email_verified": false]))?.isEmailVerified == false)
    }

    @Test(arguments: [
        ("iss", "https://evil.example"), ("iss", "https://id.example/"), ("aud", "other"), ("nonce", "n-2"),
        ("azp", "other"), ("sub", ""),
    ])
    func otherClaimsAreRefused(name: String, value: String) throws {
        #expect(try read(token([name: value])) == nil)
    }

    @Test func oldAndUntimelyTokensAreRefused() throws {
        let now = Self.now.timeIntervalSince1970
        #expect(try read(token(["exp": now - 200])) == nil)
        #expect(try read(token(["iat": now + 500])) == nil)
        #expect(try read(token(["aud": ["wharf", "other"]])) == nil)
    }

    @Test func otherAlgorithmsAreRefused() throws {
        for algorithm in ["none", "HS256", "RS256", "ES384", "es256", ""] {
            #expect(try read(token(header: #"{"alg":"\#(algorithm)","kid":"k1"}"#)) == nil, "\(algorithm)")
        }
        #expect(try read(token(header: #"{"alg":"ES256","kid":"k2"}"#)) == nil)
        let parts = try token().split(separator: ".")
        #expect(try read("\(parts[0]).\(parts[1]).") == nil)
    }

    /// The classic mistake: the public key taken for an HMAC's secret.
    @Test func aPublicKeyIsNoSecret() throws {
        let header = SecretToken.base64URL(#"{"alg":"HS256","kid":"k1"}"#.utf8)
        let body = try token().split(separator: ".")[1]
        let key = SymmetricKey(data: signer.publicKey.rawRepresentation)
        let signature = HMAC<SHA256>.authenticationCode(for: Array("\(header).\(body)".utf8), using: key)
        #expect(try read("\(header).\(body).\(SecretToken.base64URL(signature))") == nil)
    }

    @Test func anotherSignersTokenIsRefused() throws {
        let other = IDTokenTests()
        #expect(try read(other.token()) == nil)
    }
}

struct TOTPTests {
    /// RFC 6238, appendix B, SHA-1, the last six of eight digits.
    @Test(arguments: [
        (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
        (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ])
    func publishedVectors(time: Int, code: String) {
        let secret = Array("12345678901234567890".utf8)
        #expect(TOTP.code(secret, step: TOTP.step(at: Date(timeIntervalSince1970: TimeInterval(time)))) == code)
    }

    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func base32(text: String, encoded: String) {
        #expect(TOTP.base32(Array(text.utf8)) == encoded)
    }

    @Test func aCodeIsTakenOnceAndForAMinuteAndAHalf() throws {
        let secret = Array("12345678901234567890".utf8)
        let now = Date(timeIntervalSince1970: 1_111_111_109)
        let current = TOTP.step(at: now)
        #expect(TOTP.step(of: "081804", secret: secret, at: now, after: 0) == current)
        #expect(TOTP.step(of: "081804", secret: secret, at: now + .seconds(30), after: 0) == current)
        #expect(TOTP.step(of: "081804", secret: secret, at: now + .seconds(90), after: 0) == nil)
        #expect(TOTP.step(of: "081804", secret: secret, at: now, after: current) == nil)
    }
}

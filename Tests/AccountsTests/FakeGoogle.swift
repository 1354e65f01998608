import Crypto
import CryptoExtras
import Foundation
import Synchronization
import WharfTestSupport

@testable import Accounts

/// Answers as Google does to an OpenID Connect client: document, keys and tokens, in the shapes that its documentation shows.
final class FakeGoogle: Sendable {
    static let clientID = "1234987819200.apps.googleusercontent.com"

    private let answers: GoogleAnswers
    private let server: LoopbackServer

    init() throws {
        let answers = try GoogleAnswers()
        self.answers = answers
        server = try LoopbackServer { request in
            let (status, body) = answers.reply(to: request)
            return LoopbackServer.answer(status, ["Content-Type: application/json; charset=utf-8"], Array(body))
        }
        answers.begin(at: server.url)
    }

    var document: String { server.url + "/.well-known/openid-configuration" }

    func stop() { server.stop() }

    /// The person says yes; the code that goes back with the browser stands for a token with the claims of the address, some of
    /// them changed.
    func authorize(_ address: String, _ changes: [String: any Sendable] = [:]) throws -> String {
        try answers.authorize(address, changes)
    }
}

/// What Google knows of codes, and says.
private final class GoogleAnswers: Sendable {
    private struct Code {
        let challenge: String
        let redirect: String
        let token: String
    }

    private let key: _RSA.Signing.PrivateKey
    private let codes = Mutex<[String: Code]>([:])
    private let base = Mutex("")

    init() throws {
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
    }

    func begin(at base: String) { self.base.withLock { $0 = base } }

    func authorize(_ address: String, _ changes: [String: any Sendable]) throws -> String {
        let items = URLComponents(string: address)?.queryItems ?? []
        let fields = Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
        let now = Date().timeIntervalSince1970.rounded()
        var claims: [String: any Sendable] = [
            "iss": "https://accounts.google.com", "azp": fields["client_id"], "aud": fields["client_id"],
            "sub": "10769150350006150715113082367", "at_hash": "HK6E_P6Dh8Y93mRNtsDB1Q", "hd": "example.com",
            "email": "jsmith@example.com", "email_verified": true, "iat": now, "exp": now + 3_600,
            "nonce": fields["nonce"], "name": "J. Smith", "given_name": "J.", "family_name": "Smith",
        ]
        claims.merge(changes) { $1 }
        let header = SecretToken.base64URL(#"{"alg":"RS256","kid":"d1","typ":"JWT"}"#.utf8)
        let body = SecretToken.base64URL(try JSONSerialization.data(withJSONObject: claims))
        let digest = SHA256.hash(data: Array("\(header).\(body)".utf8))
        let signature = try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation
        let code = "4/\(UUID().uuidString)"
        codes.withLock {
            $0[code] = Code(
                challenge: fields["code_challenge"] ?? "",
                redirect: fields["redirect_uri"] ?? "",
                token: "\(header).\(body).\(SecretToken.base64URL(signature))"
            )
        }
        return code
    }

    func reply(to request: String) -> (status: String, body: Data) {
        let words = request.prefix { $0 != "\r\n" }.split(separator: " ")
        let base = base.withLock { $0 }
        switch words.prefix(2).joined(separator: " ") {
        case "GET /.well-known/openid-configuration":
            return json([
                "issuer": "https://accounts.google.com", "authorization_endpoint": "\(base)/o/oauth2/v2/auth",
                "token_endpoint": "\(base)/token", "jwks_uri": "\(base)/oauth2/v3/certs",
                "response_types_supported": ["code"], "id_token_signing_alg_values_supported": ["RS256"],
            ])
        case "GET /oauth2/v3/certs":
            guard let numbers = try? key.publicKey.getKeyPrimitives() else { return ("404 Not Found", Data()) }
            let entry = [
                "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "d1", "n": SecretToken.base64URL(numbers.modulus),
                "e": SecretToken.base64URL(numbers.publicExponent),
            ]
            return json(["keys": [entry]])
        case "POST /token": return token(request.components(separatedBy: "\r\n\r\n").last ?? "")
        default: return ("404 Not Found", Data())
        }
    }

    private func token(_ form: String) -> (status: String, body: Data) {
        let items = URLComponents(string: "?\(form)")?.queryItems ?? []
        let fields = Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
        let code = codes.withLock { $0.removeValue(forKey: fields["code"] ?? "") }
        let challenge = SecretToken.base64URL(SHA256.hash(data: Array((fields["code_verifier"] ?? "").utf8)))
        guard let code, code.challenge == challenge, code.redirect == fields["redirect_uri"],
            fields["client_id"] == FakeGoogle.clientID, fields["client_secret"] == "GOCSPX-s3cret",
            fields["grant_type"] == "authorization_code"
        else { return json(["error": "invalid_grant", "error_description": "Bad Request"], status: "400 Bad Request") }
        return json([
            "access_token": "ya29.a0Af", "expires_in": 3_599, "scope": "openid email profile", "token_type": "Bearer",
            "id_token": code.token,
        ])
    }

    private func json(_ value: [String: Any], status: String = "200 OK") -> (status: String, body: Data) {
        (status, (try? JSONSerialization.data(withJSONObject: value)) ?? Data())
    }
}

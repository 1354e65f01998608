internal import Crypto
internal import CryptoExtras
internal import Foundation

/// What a provider says about a person, and its signature (OpenID Connect Core, section 3.1.3.7).
struct IDToken {
    let subject: String
    let email: String?
    let isEmailVerified: Bool
    let name: String?

    /// What the token must be about.
    struct Expectation {
        /// The ways in which the issuer may be written.
        let issuers: [String]
        let clientID: String
        let nonce: String
    }

    private struct Header: Decodable {
        let alg: String
        let kid: String?
    }

    private struct Claims: Decodable {
        let iss: String
        let sub: String
        let aud: Audience
        let azp: String?
        let exp: Double
        let iat: Double
        let nonce: String?
        let email: String?
        let emailVerified: Flag?
        let name: String?

        enum CodingKeys: String, CodingKey {
            case iss, sub, aud, azp, exp, iat, nonce, email, name
            case emailVerified = "email_verified"
        }
    }

    /// One audience or several.
    private struct Audience: Decodable {
        let values: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let one = try? container.decode(String.self) {
                values = [one]
            } else {
                values = try container.decode([String].self)
            }
        }
    }

    /// True, or the text `true`, as some write it.
    private struct Flag: Decodable {
        let isSet: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flag = try? container.decode(Bool.self) {
                isSet = flag
            } else {
                isSet = try container.decode(String.self) == "true"
            }
        }
    }

    /// Clocks may differ by so much.
    private static let leeway: TimeInterval = 120

    /// Checks signature and claims; nil for a token that cannot be trusted.
    init?(_ text: String, keys: JSONWebKeys, expecting expectation: Expectation, at now: Date) {
        guard text.utf8.count <= 16_384 else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.decode(Header.self, parts[0]),
            let claims = Self.decode(Claims.self, parts[1]), let signature = SecretToken.bytes(base64URL: parts[2]),
            // The key decides how it is verified, and the header must agree; `none` and HMAC are not in the list.
            let algorithm = JSONWebKeys.Algorithm(rawValue: header.alg),
            keys.verifies(
                signature,
                of: Array("\(parts[0]).\(parts[1])".utf8),
                algorithm: algorithm,
                keyID: header.kid
            )
        else { return nil }
        guard expectation.issuers.contains(claims.iss), claims.aud.values.contains(expectation.clientID),
            claims.aud.values.count == 1 || claims.azp == expectation.clientID,
            claims.azp == nil || claims.azp == expectation.clientID, claims.nonce == expectation.nonce,
            claims.exp > now.timeIntervalSince1970 - Self.leeway, claims.iat < now.timeIntervalSince1970 + Self.leeway,
            (1...255).contains(claims.sub.utf8.count)
        else { return nil }
        subject = claims.sub
        email = claims.email
        isEmailVerified = claims.emailVerified?.isSet ?? false
        name = claims.name
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ part: Substring) -> Value? {
        SecretToken.bytes(base64URL: part).flatMap { try? JSONDecoder().decode(type, from: Data($0)) }
    }
}

/// A provider's public keys (RFC 7517): RSA for RS256, P-256 for ES256; others are passed over.
struct JSONWebKeys: Sendable {
    enum Algorithm: String, Sendable {
        case rs256 = "RS256"
        case es256 = "ES256"
    }

    private enum PublicKey: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
    }

    private struct Key: Sendable {
        let id: String?
        let key: PublicKey
    }

    private struct Document: Decodable {
        let keys: [Entry]
    }

    private struct Entry: Decodable {
        let kty: String
        let kid: String?
        let use: String?
        let alg: String?
        let n: String?
        let e: String?
        let crv: String?
        let x: String?
        let y: String?
    }

    private let keys: [Key]

    /// Reads the document at a provider's `jwks_uri`; nil for what is none.
    init?(_ bytes: [UInt8]) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else { return nil }
        keys = document.keys.prefix(64).compactMap { entry in
            guard entry.use == nil || entry.use == "sig", let key = Self.key(entry) else { return nil }
            return Key(id: entry.kid, key: key)
        }
    }

    /// Whether there is a key of that name; a new one means that the document is old.
    func has(_ id: String?) -> Bool {
        id == nil || keys.contains { $0.id == id }
    }

    func verifies(_ signature: [UInt8], of message: [UInt8], algorithm: Algorithm, keyID: String?) -> Bool {
        let candidates = keys.filter { keyID == nil || $0.id == keyID }
        // A token without a key's name is only taken where there is no choice.
        guard keyID != nil || candidates.count == 1 else { return false }
        let digest = SHA256.hash(data: message)
        return candidates.contains { candidate in
            switch (candidate.key, algorithm) {
            case (.rsa(let key), .rs256):
                key.isValidSignature(
                    _RSA.Signing.RSASignature(rawRepresentation: signature),
                    for: digest,
                    padding: .insecurePKCS1v1_5
                )
            case (.p256(let key), .es256):
                (try? P256.Signing.ECDSASignature(rawRepresentation: signature)).map {
                    key.isValidSignature($0, for: digest)
                } ?? false
            case (.rsa, .es256), (.p256, .rs256): false
            }
        }
    }

    private static func key(_ entry: Entry) -> PublicKey? {
        switch entry.kty {
        case "RSA" where entry.alg == nil || entry.alg == Algorithm.rs256.rawValue:
            guard let n = entry.n.flatMap({ SecretToken.bytes(base64URL: $0) }),
                let e = entry.e.flatMap({ SecretToken.bytes(base64URL: $0) }), n.count >= 256, n.count <= 1_024,
                let key = try? _RSA.Signing.PublicKey(n: n, e: e)
            else { return nil }
            return .rsa(key)
        case "EC" where entry.crv == "P-256":
            guard let x = entry.x.flatMap({ SecretToken.bytes(base64URL: $0) }),
                let y = entry.y.flatMap({ SecretToken.bytes(base64URL: $0) }), x.count == 32, y.count == 32,
                let key = try? P256.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            return .p256(key)
        default: return nil
        }
    }
}

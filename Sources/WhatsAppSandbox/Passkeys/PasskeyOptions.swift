import Foundation

/// The request for a passkey assertion, as `navigator.credentials.get` takes it in JSON.
struct PasskeyOptions: Sendable, Equatable, Codable {
    struct Credential: Sendable, Equatable, Codable {
        var id: String
        var type: String?
    }

    /// Base64url.
    var challenge: String
    /// Milliseconds.
    var timeout: Int?
    var rpId: String
    var allowCredentials: [Credential]?
    var userVerification: String?

    static let relyingParty = "whatsapp.com"
    static let validity = Duration.seconds(120)

    init(challenge: [UInt8], credential: [UInt8]) {
        self.challenge = Base64URL.encode(challenge)
        timeout = Int(Self.validity.components.seconds) * 1_000
        rpId = Self.relyingParty
        allowCredentials = [Credential(id: Base64URL.encode(credential), type: "public-key")]
        userVerification = "preferred"
    }

    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(self))
        }
    }
}

/// An assertion as `PublicKeyCredential.toJSON()` writes it; every binary field base64url.
struct PasskeyAssertion: Sendable, Equatable, Codable {
    struct Response: Sendable, Equatable, Codable {
        var clientDataJSON: String
        var authenticatorData: String
        var signature: String
        var userHandle: String?
    }

    var id: String
    var rawId: String
    var type: String
    var response: Response

    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(self))
        }
    }
}

/// What the browser signed over: the kind of ceremony, the challenge and the page it ran on.
struct PasskeyClientData: Codable {
    var type: String
    var challenge: String
    var origin: String
    var crossOrigin: Bool?
}

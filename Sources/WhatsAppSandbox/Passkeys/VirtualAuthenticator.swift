import Crypto
import Foundation
import SignalProtocol

/// The passkey of a simulated phone's owner: an ES256 credential that signs without asking anybody.
struct VirtualAuthenticator: Sendable, Equatable {
    let credentialID: [UInt8]
    /// The P-256 private key, 32 bytes.
    let privateKey: SecretBytes
    private(set) var signCount: UInt32

    init(credentialID: [UInt8], privateKey: SecretBytes, signCount: UInt32 = 0) {
        self.credentialID = credentialID
        self.privateKey = privateKey
        self.signCount = signCount
    }

    static func generate(using random: inout some RandomNumberGenerator) -> VirtualAuthenticator {
        VirtualAuthenticator(
            credentialID: randomBytes(32, using: &random),
            privateKey: SecretBytes(P256.Signing.PrivateKey().rawRepresentation)
        )
    }

    private var key: P256.Signing.PrivateKey {
        get throws { try P256.Signing.PrivateKey(rawRepresentation: privateKey.reveal()) }
    }

    /// Signs the challenge of `options` as a browser on WhatsApp's site would have it signed.
    mutating func assert(_ options: PasskeyOptions) throws -> PasskeyAssertion {
        guard let challenge = Base64URL.decode(options.challenge), !challenge.isEmpty else {
            throw SandboxError.invalid(field: "options.challenge", reason: "The challenge is not base64url.")
        }
        let ownID = Base64URL.encode(credentialID)
        if let allowed = options.allowCredentials, !allowed.isEmpty, !allowed.contains(where: { $0.id == ownID }) {
            throw SandboxError.invalid(
                field: "options.allowCredentials",
                reason: "This phone's passkey is not among the allowed ones."
            )
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        let clientData = try encoder.encode(
            PasskeyClientData(
                type: "webauthn.get",
                challenge: Base64URL.encode(challenge),
                origin: "https://web.\(options.rpId)",
                crossOrigin: false
            )
        )
        signCount &+= 1
        // User present and user verified.
        var authenticatorData = Array(SHA256.hash(data: Data(options.rpId.utf8))) + [0x05]
        withUnsafeBytes(of: signCount.bigEndian) { authenticatorData.append(contentsOf: $0) }
        let signature = try key.signature(for: authenticatorData + SHA256.hash(data: clientData))
        return PasskeyAssertion(
            id: ownID,
            rawId: ownID,
            type: "public-key",
            response: .init(
                clientDataJSON: Base64URL.encode(clientData),
                authenticatorData: Base64URL.encode(authenticatorData),
                signature: Base64URL.encode(signature.derRepresentation),
                userHandle: nil
            )
        )
    }

    /// Why the server would not accept an assertion for `options`; nil when it would.
    func objection(to json: some Collection<UInt8>, credentialID: some Collection<UInt8>, options: PasskeyOptions)
        -> String?
    {
        guard let assertion = try? JSONDecoder().decode(PasskeyAssertion.self, from: Data(json)) else {
            return "malformed-assertion"
        }
        guard
            assertion.type == "public-key",
            constantTimeEqual(credentialID, self.credentialID),
            Base64URL.decode(assertion.rawId) == self.credentialID
        else { return "unknown-credential" }
        guard
            let clientDataBytes = Base64URL.decode(assertion.response.clientDataJSON),
            let authenticatorData = Base64URL.decode(assertion.response.authenticatorData),
            let signatureBytes = Base64URL.decode(assertion.response.signature),
            let clientData = try? JSONDecoder().decode(PasskeyClientData.self, from: Data(clientDataBytes))
        else { return "malformed-assertion" }
        guard clientData.type == "webauthn.get" else { return "wrong-ceremony" }
        guard Base64URL.decode(clientData.challenge) == Base64URL.decode(options.challenge) else {
            return "wrong-challenge"
        }
        guard Self.isOrigin(clientData.origin, of: options.rpId) else { return "wrong-origin" }
        guard
            authenticatorData.count >= 37,
            authenticatorData.starts(with: SHA256.hash(data: Data(options.rpId.utf8)))
        else { return "wrong-relying-party" }
        guard authenticatorData[32] & 0x01 != 0 else { return "user-not-present" }
        guard
            let signature = try? P256.Signing.ECDSASignature(derRepresentation: signatureBytes),
            let publicKey = try? key.publicKey,
            publicKey.isValidSignature(signature, for: authenticatorData + SHA256.hash(data: Data(clientDataBytes)))
        else { return "wrong-signature" }
        return nil
    }

    /// Whether a page's origin belongs to a relying party: the same host or one below it, over TLS.
    private static func isOrigin(_ origin: String, of relyingParty: String) -> Bool {
        guard origin.hasPrefix("https://") else { return false }
        let host = origin.dropFirst("https://".count).prefix { $0 != ":" && $0 != "/" }
        return host == relyingParty || host.hasSuffix(".\(relyingParty)")
    }
}

internal import Crypto
internal import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppProtobufs

/// The step that some accounts demand while linking: an assertion of the owner's passkey, handed over to the service.
struct PasskeyExchange: Sendable {
    enum Stage: Sendable, Equatable {
        /// The demand came without its options; they were asked for.
        case awaitingOptions(id: String)
        case awaitingAssertion
        /// The assertion is here; a reference was asked for.
        case awaitingReference(id: String)
        case awaitingContinuation
        /// The person compares the code with the one on the phone.
        case awaitingConfirmation
        case finishing
    }

    var stage: Stage
    var assertion: PasskeyAssertion?
    var reference = ""
    var ephemeral: Curve25519KeyPair
    var nonce: [UInt8]
    var key: SecretBytes?

    init(stage: Stage, using random: inout some RandomNumberGenerator) {
        self.stage = stage
        ephemeral = .generate(using: &random)
        nonce = randomBytes(32, using: &random)
    }

    /// ProloguePayload: a commitment to an ephemeral key, this kind of device and the reference.
    func prologue(browser: ClientProfile.Browser) -> [UInt8] {
        let identity = serialized(
            WACompanionEphemeralIdentity.with {
                $0.publicKey = Data(ephemeral.publicKey)
                $0.deviceType = browser.devicePlatform
                $0.ref = reference
            }
        )
        return serialized(
            WAProloguePayload.with {
                $0.companionEphemeralIdentity = Data(identity)
                $0.commitment = .with { $0.hash = Data(SHA256.hash(data: identity + nonce)) }
            }
        )
    }

    /// Takes the phone's half; gives the code that both sides show.
    mutating func agree(with continuation: [UInt8], browser: ClientProfile.Browser) -> PairingCode? {
        guard let phone = try? WAPrimaryEphemeralIdentity(serializedBytes: continuation), phone.publicKey.count == 32,
            phone.nonce.count == 32, let shared = try? ephemeral.sharedSecret(with: phone.publicKey)
        else { return nil }
        let salt = "Companion Pairing \(browser.devicePlatform.rawValue) with ref \(reference)"
        key = SecretBytes(
            shared.withBytes { hkdf($0, salt: Array(salt.utf8), info: "Pairing Information Encryption Key") }
        )
        let hash = SHA256.hash(data: nonce + Array(phone.publicKey))
        return PairingCode(bytes: zip(phone.nonce, hash).map { $0 ^ $1 })
    }

    /// EncryptedPairingRequest: this device's keys and the secret that `pair-success` will be made with.
    func request(_ credentials: Credentials, vector: [UInt8]) -> [UInt8]? {
        guard let key else { return nil }
        let request = serialized(
            WAPairingRequest.with {
                $0.companionPublicKey = Data(credentials.noiseKey.publicKey)
                $0.companionIdentityKey = Data(credentials.identityKey.publicKey)
                $0.advSecret = Data(credentials.advSecret.reveal())
            }
        )
        guard let nonce = try? AES.GCM.Nonce(data: vector),
            let box = try? key.withBytes({ try AES.GCM.seal(request, using: SymmetricKey(data: $0), nonce: nonce) })
        else { return nil }
        return serialized(
            WAEncryptedPairingRequest.with {
                $0.encryptedPayload = box.ciphertext + box.tag
                $0.iv = Data(vector)
            }
        )
    }
}

/// What a browser or app of the account's owner gives for the options: a WebAuthn assertion as JSON.
struct PasskeyAssertion: Sendable, Equatable {
    /// As it was handed over; the service reads it.
    let json: [UInt8]
    let credentialID: [UInt8]

    static let maximumLength = 64 * 1024

    /// Nil when it is not the JSON of an assertion.
    init?(json: [UInt8]) {
        guard json.count <= Self.maximumLength, let form = try? JSONDecoder().decode(Form.self, from: Data(json)),
            form.type == "public-key", let id = Self.base64URL(form.rawId ?? form.id), !id.isEmpty,
            [form.response.clientDataJSON, form.response.authenticatorData, form.response.signature]
                .allSatisfy({ Self.base64URL($0)?.isEmpty == false })
        else { return nil }
        self.json = json
        credentialID = id
    }

    private struct Form: Decodable {
        let id: String
        let rawId: String?
        let type: String
        let response: Response

        struct Response: Decodable {
            let clientDataJSON: String
            let authenticatorData: String
            let signature: String
        }
    }

    private static func base64URL(_ text: String) -> [UInt8]? {
        var standard = text.replacing("-", with: "+").replacing("_", with: "/").replacing("=", with: "")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        return Data(base64Encoded: standard).map(Array.init)
    }
}

extension ClientProfile.Browser {
    /// The number of DeviceProps.PlatformType.
    var devicePlatform: WACompanionEphemeralIdentity.DevicePlatform {
        switch self {
        case .chrome: .chrome
        case .edge: .edge
        case .firefox: .firefox
        case .opera: .opera
        case .safari: .safari
        }
    }
}

import Foundation

/// The JSON bodies that the control API takes.
enum ControlBody {
    struct CreatePhone: Decodable {
        var number: String
        var name: String?
        var platform: String?
        var businessName: String?
        var deviceLimit: Int?
        var passkey: Bool?
        var lidMigrated: Bool?

        func order() throws(SandboxError) -> NewPhone {
            var order = NewPhone(
                number: number,
                name: name,
                businessName: businessName,
                deviceLimit: deviceLimit,
                hasPasskey: passkey ?? false,
                isLIDMigrated: lidMigrated ?? true
            )
            guard let platform else { return order }
            guard let known = SandboxPlatform(rawValue: platform) else {
                let names = SandboxPlatform.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(field: "platform", reason: "One of: \(names).")
            }
            order.platform = known
            return order
        }
    }

    struct Scan: Decodable {
        var qr: String
    }

    struct Link: Decodable {
        var code: String
    }

    struct PasskeyAssertion: Decodable {
        var options: PasskeyOptions
    }

    /// Decodes a body; what is missing or of another type is named.
    static func decode<Body: Decodable>(_ type: Body.Type, from bytes: [UInt8]) throws(SandboxError) -> Body {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw .invalid(field: field(of: error), reason: reason(of: error))
        } catch {
            throw .invalid(field: "body", reason: "The body is not JSON.")
        }
    }

    private static func field(of error: DecodingError) -> String {
        var path: [any CodingKey]
        switch error {
        case .keyNotFound(let key, let context): path = context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            path = context.codingPath
        @unknown default: path = []
        }
        return path.isEmpty ? "body" : path.map(\.stringValue).joined(separator: ".")
    }

    private static func reason(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound: "This field is missing."
        case .typeMismatch, .valueNotFound: "This field has another type."
        default: "This is not the JSON that is expected here."
        }
    }
}

/// The JSON bodies that it answers with, beyond phones and devices.
enum ControlAnswer {
    struct Server: Encodable {
        let webSocketURL: String
        let secureWebSocketURL: String
        let mediaURL: String
        let noiseRootKey: String
        let phones: Int
        let connections: Int
    }

    struct Phones: Encodable {
        let phones: [SandboxPhone]
    }

    struct Devices: Encodable {
        let devices: [SandboxDevice]
    }

    struct Linked: Encodable {
        let status = "linked"
        let device: SandboxDevice
    }

    struct PasskeyRequested: Encodable {
        let status = "passkey-requested"
        let options: PasskeyOptions
    }

    struct Fault: Encodable {
        let id: Int
        let kind: String
        let number: String?
        let device: UInt16?
        /// How often it still happens; absent when it lasts until cleared.
        let remaining: Int?

        init(_ fault: ActiveFault) {
            id = fault.id
            kind = fault.fault.kind
            number = fault.scope.number
            device = fault.scope.device
            remaining = fault.remaining
        }
    }

    struct Faults: Encodable {
        let faults: [Fault]
    }

    struct Struck: Encodable {
        let kind: String
        let affected: Int
    }

    struct Log: Encodable {
        let stanzas: [StanzaJournal.Entry]
    }
}

extension SandboxFault {
    /// The name in the control API.
    var kind: String {
        switch self {
        case .drop, .dropAtPairDevice, .dropAtPairSuccess, .dropAtLogin: "drop"
        case .streamError: "stream-error"
        case .xmlStreamEnd: "xmlstreamend"
        case .expireReferences: "expire-refs"
        case .revokeDevice: "revoke-device"
        case .rotateSecret, .rotateAtScan: "rotate-adv"
        case .refreshCode: "refresh-code"
        case .serverRestart: "server-restart"
        case .refuseLogin: "refuse-login"
        case .exhaustPreKeys: "exhaust-prekeys"
        case .duplicateMessage: "duplicate"
        case .reorderMessages: "reorder"
        case .corruptMessage: "corrupt"
        case .loseAck: "lose-ack"
        case .refuseMessage: "refuse-message"
        case .refusePreKeys: "refuse-prekeys"
        case .staleDevices: "stale-devices"
        case .replayMessages: "replay"
        case .reinstall: "reinstall"
        case .delay: "delay"
        case .wrongCertificate: "wrong-certificate"
        case .badHMAC: "bad-hmac"
        case .badAccountSignature: "bad-account-signature"
        case .pairingCodeError: "pairing-code-error"
        case .duplicatePrimaryHello: "duplicate-primary-hello"
        case .closeWithoutRestart: "close-without-515"
        case .restartWithoutClose: "515-without-close"
        case .splitFrames: "split-frames"
        case .joinFrames: "join-frames"
        case .compressStanzas: "compress-stanzas"
        case .mute: "mute"
        case .media(let fault): fault.kind
        }
    }
}

import Foundation
import SignalProtocol

/// What the server knows of a connection after its handshake.
struct Connection: Sendable {
    enum Phase: Sendable {
        case handshake
        /// Not linked yet: shows references, may ask for a code.
        case unregistered(Registration)
        case linked(DeviceAddress)
        /// Told to go; what still comes in is not looked at.
        case ended
    }

    let id: ConnectionID
    let openedAt: Date
    /// As the client calls the server, perhaps with a port.
    let host: String?
    var phase: Phase = .handshake

    var registration: Registration? {
        get { if case .unregistered(let registration) = phase { registration } else { nil } }
        set {
            guard let newValue, case .unregistered = phase else { return }
            phase = .unregistered(newValue)
        }
    }

    var device: DeviceAddress? {
        if case .linked(let address) = phase { address } else { nil }
    }

    var isEnded: Bool {
        if case .ended = phase { true } else { false }
    }
}

/// A companion that wants to be linked.
struct Registration: Sendable {
    let noisePublicKey: [UInt8]
    let keys: CompanionKeys
    let appearance: DeviceAppearance
    var references: [String]
    let shownAt: Date
    /// ADV secrets that the companion was told to replace.
    var outdatedSecrets: [[UInt8]] = []
    var linking: Linking?
}

/// How far a link has come.
struct Linking: Sendable {
    enum Stage: Sendable {
        /// The code was typed; the companion owes its key bundle.
        case bundle(PrimaryCodeExchange, remaining: Int)
        /// The account's passkey was asked for.
        case assertion(PasskeyOptions)
        case nonce(PasskeyPrologue, PasskeyPrimaryIdentity)
        /// Both show the code; the companion owes its keys.
        case request(key: SecretBytes, code: String)
        /// pair-success is out; the companion owes its signature.
        case signature(PendingDevice)
    }

    let number: String
    /// Who waits for the outcome; nobody after the passkey was asked for.
    var operation: OperationID?
    var stage: Stage
}

/// A device that is not in the tables before it has signed.
struct PendingDevice: Sendable {
    let number: UInt16
    let certificate: DeviceCertificate
    let stanzaID: String
}

/// A code that a companion shows and a phone has not typed yet.
struct CodeOffer: Sendable {
    let connection: ConnectionID
    let reference: String
    let wrappedKey: [UInt8]
    /// `Browser (OS)`, for the phone's screen.
    let display: String
    let createdAt: Date
    var tries = 0
}

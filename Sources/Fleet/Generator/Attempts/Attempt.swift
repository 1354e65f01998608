package import Foundation
package import WhatsApp

/// How a person wants to link.
package enum LinkingMethod: String, Sendable, Hashable, CaseIterable {
    case qr
    case code
}

/// What somebody asks the generator for.
package struct AttemptRequest: Sendable {
    package let method: LinkingMethod
    /// With the method `code`: the code is asked for as soon as the service is ready.
    package let phone: PhoneNumber?
    package let dialect: SessionIDDialect
    package let prefix: SessionIDPrefix

    package init(
        method: LinkingMethod,
        phone: PhoneNumber? = nil,
        dialect: SessionIDDialect = .tildeGzip,
        prefix: SessionIDPrefix = .standard
    ) {
        self.method = method
        self.phone = phone
        self.dialect = dialect
        self.prefix = prefix
    }
}

/// One try at linking, as it is told to the one who began it.
package struct Attempt: Sendable, Equatable {
    package let id: AttemptID
    package let expiresAt: Date
}

/// Where an attempt stands.
package enum AttemptState: String, Sendable, Hashable, CaseIterable {
    case connecting
    /// A QR is shown, and a pairing code may be asked for.
    case ready
    /// The service wants the account's passkey.
    case passkey
    /// The phone has accepted; the device logs in.
    case linking
    case done
    case expired
    case failed
}

/// The QR that the phone may scan at this moment.
package struct CurrentQR: Sendable, Equatable {
    package let text: String
    package let expiresAt: Date
}

/// Everything about an attempt at one moment, for a page that is drawn without a script.
package struct AttemptSnapshot: Sendable, Equatable {
    package let id: AttemptID
    package let method: LinkingMethod
    package let state: AttemptState
    /// What the person can do now.
    package let text: String
    package let expiresAt: Date
    package let qr: CurrentQR?
    package let pairingCode: CurrentPairingCode?
    package let passkey: PasskeyPrompt?
    package let jid: String?
    /// The secret; there when the state is `done`.
    package let session: ExportedSession?
    /// The error that was met last, if nothing has gone well since.
    package let problem: GeneratorEvent.Problem?
}

/// The pairing code that the phone may be given at this moment, eight characters.
package struct CurrentPairingCode: Sendable, Equatable {
    package let code: String
    package let expiresAt: Date
}

/// What the service wants of a passkey.
package enum PasskeyPrompt: Sendable, Equatable {
    /// An assertion over these options (JSON, `PublicKeyCredentialRequestOptions`) is to be handed over.
    case assertion(options: String, expiresAt: Date)
    /// The phone shows a code; the person says whether it is this one.
    case confirmation(code: String)
}

/// A site that vouches for people: GitHub, Google, or any issuer of OpenID Connect.
package struct Provider: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Discovery document, ID tokens with signatures.
        case openID(OpenIDIssuer)
        /// GitHub has no ID tokens: its API is asked who it is.
        case gitHub
    }

    /// In addresses and in the database: `google`.
    package let id: String
    /// On buttons.
    package let name: String
    package let kind: Kind
    package let clientID: String
    let clientSecret: String

    package init(id: String, name: String, kind: Kind, clientID: String, clientSecret: String) {
        self.id = id
        self.name = name
        self.kind = kind
        self.clientID = clientID
        self.clientSecret = clientSecret
    }

    package static func google(
        clientID: String,
        clientSecret: String,
        issuer: OpenIDIssuer = .google()
    ) -> Provider {
        Provider(id: "google", name: "Google", kind: .openID(issuer), clientID: clientID, clientSecret: clientSecret)
    }

    package static func gitHub(clientID: String, clientSecret: String) -> Provider {
        Provider(id: "github", name: "GitHub", kind: .gitHub, clientID: clientID, clientSecret: clientSecret)
    }
}

/// Who signs ID tokens, and the document that says where to ask for them.
package struct OpenIDIssuer: Sendable, Equatable {
    /// As the document writes it.
    let name: String
    /// What tokens may have in its place.
    let otherNames: [String]
    /// Address of the document (OpenID Connect Discovery, section 4).
    let document: String

    package init(_ name: String) {
        let base = name.hasSuffix("/") ? String(name.dropLast()) : name
        self.init(name, document: "\(base)/.well-known/openid-configuration")
    }

    private init(_ name: String, otherNames: [String] = [], document: String) {
        self.name = name
        self.otherNames = otherNames
        self.document = document
    }

    /// Google's tokens name it with or without the scheme (Google Identity, OpenID Connect, "Validating an ID token").
    package static func google(
        document: String = "https://accounts.google.com/.well-known/openid-configuration"
    ) -> OpenIDIssuer {
        OpenIDIssuer("https://accounts.google.com", otherNames: ["accounts.google.com"], document: document)
    }
}

/// Who somebody is at a provider.
struct ProvidedIdentity: Sendable, Equatable {
    /// Never changes there, whatever else does.
    let subject: String
    /// Verified there.
    let email: EmailAddress
    let name: String?
}

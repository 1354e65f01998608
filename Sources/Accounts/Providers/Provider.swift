/// A site that vouches for people: GitHub, Google, or any issuer of OpenID Connect.
package struct Provider: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Discovery document, ID tokens with signatures.
        case openID(issuer: String)
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

    package static func google(clientID: String, clientSecret: String) -> Provider {
        Provider(
            id: "google",
            name: "Google",
            kind: .openID(issuer: "https://accounts.google.com"),
            clientID: clientID,
            clientSecret: clientSecret
        )
    }

    package static func gitHub(clientID: String, clientSecret: String) -> Provider {
        Provider(id: "github", name: "GitHub", kind: .gitHub, clientID: clientID, clientSecret: clientSecret)
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

package import Foundation

/// A named key of a program, for its owner's list; the key itself is shown once and never again.
package struct APIKey: Sendable, Equatable {
    package let id: APIKeyID
    package let name: String
    /// Its first characters.
    package let prefix: String
    package let scopes: Set<APIScope>
    package let createdAt: Date
    package let expiresAt: Date?
    package let lastUsedAt: Date?
    package let lastAddress: String?
}

/// What a program gets when it logs in or refreshes.
package struct APITokens: Sendable {
    package let accessToken: SecretToken
    package let expiresIn: Duration
    /// Good for one refresh.
    package let refreshToken: SecretToken
    package let account: Account
}

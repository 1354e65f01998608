package import Foundation

/// A program that logged in with a password, for its owner's list.
package struct ProgramLogin: Sendable, Equatable {
    package let id: APILoginID
    package let createdAt: Date
    package let lastUsedAt: Date
    package let expiresAt: Date
    /// From where it logged in.
    package let address: String
    package let userAgent: String
}

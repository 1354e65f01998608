package import Foundation

/// An account elsewhere that opens one of ours.
package struct LinkedIdentity: Sendable, Equatable {
    package let provider: String
    package let email: String
    package let createdAt: Date
    package let lastUsedAt: Date
}

import Foundation
import WhatsAppWire

/// Somebody who has said that they are away.
struct AwayPerson: Sendable, Equatable {
    /// So many for one bot.
    static let limit = 500
    static let reasonLimit = 200

    let person: Person
    let name: String
    let reason: String
    let since: Date
}

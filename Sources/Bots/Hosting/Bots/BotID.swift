import Database
package import Foundation

/// The identifier of a bot.
package struct BotID: Hashable, Sendable, RawRepresentable, SQLEncodable, SQLDecodable {
    package let rawValue: UUID

    package init(rawValue: UUID) {
        self.rawValue = rawValue
    }

    /// A fresh one.
    package init() {
        rawValue = UUID()
    }

    /// Reads the usual form with dashes.
    package init?(_ text: String) {
        guard let id = UUID(uuidString: text) else { return nil }
        rawValue = id
    }
}

extension BotID: CustomStringConvertible {
    package var description: String { rawValue.uuidString.lowercased() }
}

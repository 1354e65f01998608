package import Database

/// An e-mail address in the one form that we keep: lower case, ASCII, no quotes or comments.
package struct EmailAddress: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Reads an address; blanks at both ends go.
    ///
    /// The part before the `@` is lowered too. That joins addresses that a server might tell apart, which none does.
    package init?(_ input: some StringProtocol) {
        let text = input.drop { $0.isWhitespace }.lowercased()
        let trimmed = String(text.reversed().drop { $0.isWhitespace }.reversed())
        let parts = trimmed.split(separator: "@", omittingEmptySubsequences: false)
        guard trimmed.utf8.count <= 254, parts.count == 2 else { return nil }
        let local = parts[0]
        guard (1...64).contains(local.utf8.count), !local.hasPrefix("."), !local.hasSuffix("."), !local.contains(".."),
            local.utf8.allSatisfy({ Self.isLetterOrDigit($0) || "!#$%&'*+/=?^_`{|}~.-".utf8.contains($0) })
        else { return nil }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy(Self.isLabel) else { return nil }
        self.text = trimmed
    }

    package var description: String { text }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
            && label.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension EmailAddress: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { String.sqlType }
    package var sqlValue: SQLValue { text.sqlValue }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> EmailAddress {
        guard let address = EmailAddress(try String.decode(cell)) else { throw .invalidValue }
        return address
    }
}

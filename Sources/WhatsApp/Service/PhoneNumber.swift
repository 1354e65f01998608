/// What is wrong with a phone number.
package enum PhoneNumberError: Error, Equatable {
    case empty
    /// Only digits, and the signs that people put between them, may stand in a number.
    case unexpectedCharacter
    /// A number in international form starts with its country's code: neither with 0 nor with 00.
    case leadingZero
    case tooShort(minimum: Int)
    case tooLong(maximum: Int)
}

/// A phone number in international form: digits only, country code first, as WhatsApp knows it.
package struct PhoneNumber: Hashable, Sendable {
    package let digits: String

    package static let minimumLength = 7
    /// E.164.
    package static let maximumLength = 15

    /// Reads a number as people write it: `+1 (555) 123-4567`, with spaces, dots, dashes, slashes and brackets.
    package init(parsing text: String) throws(PhoneNumberError) {
        guard text.utf8.count <= 64 else { throw .tooLong(maximum: Self.maximumLength) }
        var digits = ""
        var hasPlus = false
        for character in text {
            if let value = character.wholeNumberValue, character.isNumber, (0...9).contains(value) {
                digits.append(String(value))
            } else if character == "+" || character == "＋" {
                guard !hasPlus, digits.isEmpty else { throw .unexpectedCharacter }
                hasPlus = true
            } else if !character.isWhitespace, !Self.separators.contains(character) {
                throw .unexpectedCharacter
            }
        }
        guard !digits.isEmpty else { throw .empty }
        guard !digits.hasPrefix("0") else { throw .leadingZero }
        guard digits.count >= Self.minimumLength else { throw .tooShort(minimum: Self.minimumLength) }
        guard digits.count <= Self.maximumLength else { throw .tooLong(maximum: Self.maximumLength) }
        self.digits = digits
    }

    /// Spaces, brackets, dashes of all kinds, and the invisible marks that copying from a contact brings along.
    private static let separators: Set<Character> = [
        "-", ".", "(", ")", "/", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2014}", "\u{2212}", "\u{200B}",
        "\u{200E}", "\u{200F}", "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2060}", "\u{FEFF}",
    ]
}

/// Why a text cannot stand in front of a session ID.
package enum SessionIDPrefixError: Error, Equatable {
    case empty
    case tooLong(limit: Int)
    /// The first character that is not allowed.
    case invalidCharacter(Character)
    /// `___` is itself what some bots cut at.
    case containsSeparator
}

/// The name in front of a session ID, by which a bot knows its own.
///
/// 1 to 32 ASCII letters, digits, hyphens, underscores and full stops. No spaces, since readers drop white space, and
/// nothing that any bot cuts at: `~`, `!`, `;`, `:`, `#` or three underscores.
package struct SessionIDPrefix: Hashable, Sendable {
    package let text: String

    package static let maximumLength = 32

    /// Used when nobody chose one.
    package static let standard = SessionIDPrefix(known: "WHARF")

    package init(_ text: String) throws(SessionIDPrefixError) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong(limit: Self.maximumLength) }
        if let wrong = text.first(where: { !Self.isAllowed($0) }) { throw .invalidCharacter(wrong) }
        guard !text.contains("___") else { throw .containsSeparator }
        self.text = text
    }

    init(known text: StaticString) {
        self.text = "\(text)"
    }

    private static func isAllowed(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "-_.".contains(character))
    }
}

extension SessionIDPointer {
    /// Longest text that is taken for a pointer; those that hold credentials have a thousand characters and more.
    private static let maximumLength = 300

    /// Recognises the pointer forms of credentials.md 5.1, E to G; nil when the text is something else.
    init?(_ text: SessionIDText) {
        guard text.compact.count <= Self.maximumLength else { return nil }
        let whole = String(decoding: text.compact, as: UTF8.self).lowercased()
        if let pointer = Self.address(whole) ?? Self.megaLink(text.compact) ?? Self.author(whole) {
            self = pointer
            return
        }
        guard !text.hasInnerWhiteSpace else { return nil }
        let token = text.token
        let isWhole = token.count == text.compact.count
        guard token.allSatisfy({ Self.isWordCharacter($0) }) else { return nil }
        if Self.isGistID(token) {
            self = .gist
        } else if !isWhole, token.count == 8 {
            // Pastebin and its likes give eight letters and digits.
            self = .paste
        } else if (4...64).contains(token.count), !isWhole || token.contains(where: Self.isDecimal) {
            self = .shortID
        } else {
            return nil
        }
    }

    private static func address(_ text: String) -> SessionIDPointer? {
        if text.contains("mega.nz/") || text.contains("mega.co.nz/") { return .mega }
        if text.contains("gist.github") { return .gist }
        guard text.contains("http://") || text.contains("https://") else { return nil }
        return text.contains("paste") || text.contains("hastebin") || text.contains("rentry") ? .paste : .webAddress
    }

    /// `<8 characters>#<43 characters>`, wherever it stands.
    private static func megaLink(_ text: [UInt8]) -> SessionIDPointer? {
        for mark in text.indices where text[mark] == UInt8(ascii: "#") {
            let file = text[..<mark].suffix(8)
            let key = text[(mark + 1)...].prefix(43)
            if file.count == 8, key.count == 43, file.allSatisfy(isKeyCharacter), key.allSatisfy(isKeyCharacter) {
                return .mega
            }
        }
        return nil
    }

    private static func author(_ text: String) -> SessionIDPointer? {
        ["levanter_", "x-asena", "xasena", "dracula_md", "dracula-md"].contains(where: text.hasPrefix)
            ? .authorServer : nil
    }

    /// Gists have 20 or 32 hexadecimal digits.
    private static func isGistID(_ token: ArraySlice<UInt8>) -> Bool {
        (token.count == 20 || token.count == 32)
            && token.allSatisfy { isDecimal($0) || (0x61...0x66).contains($0) }
    }

    private static func isDecimal(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isWordCharacter(_ byte: UInt8) -> Bool {
        isDecimal(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
    }

    /// The URL alphabet of base64.
    private static func isKeyCharacter(_ byte: UInt8) -> Bool {
        isWordCharacter(byte) || byte == 0x5F
    }
}

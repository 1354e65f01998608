/// What people type, checked.
enum BotText {
    /// 1 to 60 characters that can be seen, none of them a line break or a control character.
    static func isName(_ text: String) -> Bool {
        (1...60).contains(text.count) && text.utf8.count <= 240 && isOneLine(text)
            && text.contains { !$0.isWhitespace }
    }

    /// 1 to 4 characters without blanks.
    static func isPrefix(_ text: String) -> Bool {
        (1...4).contains(text.count) && text.utf8.count <= 16 && isOneLine(text)
            && !text.contains(where: \.isWhitespace)
    }

    static func isOneLine(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
            case .format: scalar == "\u{200D}"
            default: true
            }
        }
    }
}

/// The last part of a short link's address: seven letters and digits drawn at random, so that nobody finds others' by counting.
package struct LinkSlug: Sendable, Hashable {
    private static let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    private static let length = 7

    package let text: String

    /// Nil for what never was one.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(Self.letters.contains) else { return nil }
        self.text = text
    }

    private init(drawn text: String) {
        self.text = text
    }

    static func random() -> LinkSlug {
        var random = SystemRandomNumberGenerator()
        let drawn = (0..<length).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] }
        return LinkSlug(drawn: String(decoding: drawn, as: UTF8.self))
    }
}

import WhatsApp

/// The public name of an attempt, which is also the permission to use it.
///
/// 144 random bits, 24 characters of URL-safe base64. It does not describe itself, so that it does not get into a log.
package struct AttemptID: Hashable, Sendable {
    package let text: String

    /// Nil when the text is not of this form.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, let bytes = Base64.decode(text), bytes.count == Self.byteCount,
            !text.utf8.contains(UInt8(ascii: "+")), !text.utf8.contains(UInt8(ascii: "/"))
        else { return nil }
        self.text = text
    }

    private init(bytes: [UInt8]) {
        text = Base64.encodeURLSafe(bytes)
    }

    static func random() -> AttemptID {
        var generator = SystemRandomNumberGenerator()
        return AttemptID(bytes: (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    private static let byteCount = 18
    private static let length = 24
}

extension AttemptID: CustomStringConvertible, CustomReflectable {
    package var description: String { "AttemptID" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

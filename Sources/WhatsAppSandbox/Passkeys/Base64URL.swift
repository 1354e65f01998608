import Foundation

/// Base64 for URLs, without padding, as WebAuthn writes bytes in JSON.
enum Base64URL {
    static func encode(_ bytes: some Collection<UInt8>) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The bytes; nil for other characters.
    ///
    /// Padding may be there or not.
    static func decode(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= 65_536 else { return nil }
        var base64 = text.replacing("=", with: "").replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        return Data(base64Encoded: base64).map(Array.init)
    }
}

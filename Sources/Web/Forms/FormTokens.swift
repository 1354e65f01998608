internal import Crypto
internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// Proves that a form was filled in on our own page: one signed token in a cookie and in the form, which must be the same.
///
/// Another site can neither read the cookie nor make a token that is ours. The token says nothing about its holder.
struct FormTokens: Sendable {
    private let key: SymmetricKey
    private let cookie: String
    private let attributes: String

    init(key: [UInt8]?, isHTTPS: Bool) {
        self.key = key.map { SymmetricKey(data: $0) } ?? SymmetricKey(size: .bits256)
        cookie = isHTTPS ? "__Host-wharf-form" : "wharf-form"
        attributes = "; Path=/; HttpOnly; SameSite=Strict" + (isHTTPS ? "; Secure" : "")
    }

    /// The browser's token, or a new one and the cookie that brings it.
    func token(for request: Request) -> (token: String, setCookie: String?) {
        if let held = Cookies(request.headers)[cookie], isOurs(held) { return (held, nil) }
        var random = SystemRandomNumberGenerator()
        let nonce = (0..<Self.nonceLength).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let token = Self.text(nonce + signature(of: nonce))
        return (token, "\(cookie)=\(token)\(attributes)")
    }

    /// Throws unless the form's token is the cookie's and we made it.
    func check(_ token: String?, of request: Request) throws(RequestError) {
        guard let token, let held = Cookies(request.headers)[cookie], held.utf8.count == token.utf8.count, isOurs(held),
            zip(held.utf8, token.utf8).reduce(0, { $0 | ($1.0 ^ $1.1) }) == 0
        else { throw .csrf }
    }

    private static let nonceLength = 16

    private func isOurs(_ token: String) -> Bool {
        guard token.utf8.count < 100, let bytes = Self.bytes(token), bytes.count > Self.nonceLength else {
            return false
        }
        let nonce = bytes.prefix(Self.nonceLength)
        return HMAC<SHA256>.isValidAuthenticationCode(
            bytes.dropFirst(Self.nonceLength),
            authenticating: nonce,
            using: key
        )
    }

    private func signature(of nonce: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: nonce, using: key))
    }

    private static func text(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-")
            .replacing("/", with: "_")
            .replacing("=", with: "")
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let plain = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        return Data(base64Encoded: plain).map { Array($0) }
    }
}

internal import Crypto
internal import Foundation

/// The short-lived text by which a program shows who it is: a JSON web token (RFC 7519), signed with HS256.
///
/// The algorithm is pinned: the header is compared with the one that we write, and not asked what it would like.
struct AccessToken: Equatable {
    let account: AccountID
    let login: APILoginID
    let expiresAt: Date

    private static let header = #"{"alg":"HS256","typ":"JWT"}"#
    private static let audience = "wharf-api"

    private struct Claims: Codable {
        let aud: String
        let sub: String
        let sid: String
        let exp: Int64
    }

    init(account: AccountID, login: APILoginID, expiresAt: Date) {
        self.account = account
        self.login = login
        self.expiresAt = expiresAt
    }

    /// Reads a token; nil for one that is not ours, or too old.
    init?(_ text: String, key: SymmetricKey, at now: Date) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == SecretToken.base64URL(Self.header.utf8),
            let signature = SecretToken.bytes(base64URL: parts[2]),
            HMAC<SHA256>.isValidAuthenticationCode(
                signature,
                authenticating: Array("\(parts[0]).\(parts[1])".utf8),
                using: key
            ),
            let body = SecretToken.bytes(base64URL: parts[1]),
            let claims = try? JSONDecoder().decode(Claims.self, from: Data(body)),
            claims.aud == Self.audience, let account = AccountID(claims.sub), let login = APILoginID(claims.sid)
        else { return nil }
        let end = Date(timeIntervalSince1970: TimeInterval(claims.exp))
        guard end > now else { return nil }
        self.init(account: account, login: login, expiresAt: end)
    }

    func text(key: SymmetricKey) throws -> String {
        let claims = Claims(
            aud: Self.audience,
            sub: account.description,
            sid: login.description,
            exp: Int64(expiresAt.timeIntervalSince1970)
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let signed = SecretToken.base64URL(Self.header.utf8) + "." + SecretToken.base64URL(try encoder.encode(claims))
        let signature = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)
        return signed + "." + SecretToken.base64URL(signature)
    }
}

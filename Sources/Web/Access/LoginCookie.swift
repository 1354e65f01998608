internal import Accounts
internal import Hummingbird

/// The cookie that keeps a browser logged in.
struct LoginCookie: Sendable {
    private let name: String
    private let attributes: String
    private let maximumAge: Int64

    init(isHTTPS: Bool, lifetime: Duration) {
        name = isHTTPS ? "__Host-wharf-login" : "wharf-login"
        attributes = "; Path=/; HttpOnly; SameSite=Lax" + (isHTTPS ? "; Secure" : "")
        maximumAge = lifetime.components.seconds
    }

    func token(of request: Request) -> SecretToken? {
        guard let text = Cookies(request.headers)[name], text.utf8.count == 43 else { return nil }
        return SecretToken(text)
    }

    /// Whether the browser has been logged in of late; the cookie itself is not looked at.
    func isThere(_ request: Request) -> Bool {
        Cookies(request.headers)[name] != nil
    }

    func set(_ token: SecretToken) -> String {
        "\(name)=\(token.text); Max-Age=\(maximumAge)\(attributes)"
    }

    var removal: String { "\(name)=; Max-Age=0\(attributes)" }
}

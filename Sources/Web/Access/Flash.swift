internal import Hummingbird

/// One sentence for the page after a redirect, such as "Saved".
///
/// The cookie names a text of ours (`flash.NAME`); whoever plants another name gets nothing shown.
struct Flash: Sendable {
    private static let name = "wharf-flash"

    static func cookie(_ text: String) -> String {
        "\(name)=\(text); Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
    }

    static let removal = "\(name)=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"

    /// The name that the browser brought, if any.
    static func text(of request: Request) -> String? {
        guard let value = Cookies(request.headers)[name], value.utf8.count <= 60 else { return nil }
        return value.utf8.allSatisfy { $0 == UInt8(ascii: "_") || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
            ? value : nil
    }
}

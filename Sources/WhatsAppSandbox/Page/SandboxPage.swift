import NIOHTTP1

/// The page at `/`: the phones, their linked devices, and a box for a QR string or a code.
enum SandboxPage {
    private static let policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    /// What lies at a path; nil when nothing does.
    static func asset(at path: [String]) -> HTTPReply? {
        switch path {
        case []: reply("text/html; charset=utf-8", SandboxMarkup.html)
        case ["sandbox.css"]: reply("text/css; charset=utf-8", SandboxStyle.css)
        case ["sandbox.js"]: reply("text/javascript; charset=utf-8", SandboxScript.javaScript)
        case ["favicon.ico"]: HTTPReply(.noContent, contentType: "image/x-icon", body: [])
        default: nil
        }
    }

    private static func reply(_ type: String, _ text: String) -> HTTPReply {
        let headers: HTTPHeaders = ["content-security-policy": policy, "referrer-policy": "no-referrer"]
        return HTTPReply(.ok, contentType: type, headers: headers, body: Array(text.utf8))
    }
}

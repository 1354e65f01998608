internal import HTTPTypes
internal import Hummingbird

/// Answers that send a browser on.
enum Redirect {
    /// Always a page of ours: `path` begins with one slash.
    static func to(_ path: String, cookies: [String] = []) -> Response {
        var headers: HTTPFields = [.location: path, .cacheControl: "no-store"]
        for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return Response(status: .seeOther, headers: headers)
    }

    /// To where a browser's person types the password once more.
    static var toConfirmation: Response {
        to("/settings/security", cookies: [Flash.cookie("confirm_first")])
    }

    /// To the login, and back to where the browser wanted to go.
    static func toLogin(from request: Request) -> Response {
        guard request.method == .get, let path = ReturnPath(request.uri.string) else { return to("/login") }
        return path.text == "/dashboard" ? to("/login") : to("/login?next=\(path.text.percentEncoded)")
    }
}

/// Where to go after logging in: a page of ours and nothing else.
struct ReturnPath: Equatable {
    let text: String

    /// Nil for whatever a browser might take for another site's address.
    init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        guard isPlain, text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 500 else { return nil }
        // Back into the login is a circle.
        let path = text.prefix { $0 != "?" && $0 != "#" }
        guard !["/login", "/logout", "/register"].contains(path), !path.hasPrefix("/login/") else { return nil }
        self.text = text
    }
}

extension String {
    /// Fit to be the value of a parameter in an address.
    var percentEncoded: String {
        let digits = Array("0123456789ABCDEF")
        var encoded = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return encoded
    }
}

internal import Fleet
internal import HTTPTypes

/// A request that cannot be served as it stands, whatever it asks for.
enum RequestError: UserFacingError, Equatable {
    case malformedJSON(at: Int)
    case nulInText
    case jsonTooDeep(limit: Int)
    case duplicateField(String)
    case notAnObject
    case unknownField(String, known: [String])
    case missingField(String)
    case wrongType(String, expected: String)
    case invalidField(String, message: String)
    case unsupportedContentType(expected: String)
    case bodyTooLarge(limit: Int)
    case bodyTimedOut
    case stopping
    case notFound
    case methodNotAllowed([HTTPRequest.Method])
    case notAcceptable(offered: [String])
    case foreignOrigin
    case csrf
    case upgradeRequired
    case tooManySockets
    case forbidden
    case loginNeeded
    case notPermitted
    case scopeMissing(String)
    case tooManyCalls(retryAfter: Duration)

    var status: HTTPResponse.Status {
        switch self {
        case .malformedJSON, .nulInText, .jsonTooDeep, .duplicateField, .notAnObject: .badRequest
        case .unknownField, .missingField, .wrongType, .invalidField: .unprocessableContent
        case .unsupportedContentType: .unsupportedMediaType
        case .bodyTooLarge: .contentTooLarge
        case .bodyTimedOut: .requestTimeout
        case .stopping: .serviceUnavailable
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .foreignOrigin, .csrf, .forbidden, .notPermitted, .scopeMissing: .forbidden
        case .loginNeeded: .unauthorized
        case .upgradeRequired: .upgradeRequired
        case .tooManySockets, .tooManyCalls: .tooManyRequests
        }
    }

    var code: String {
        switch self {
        case .malformedJSON: "request.malformed_json"
        case .nulInText: "request.nul_in_text"
        case .jsonTooDeep: "request.json_too_deep"
        case .duplicateField: "request.duplicate_field"
        case .notAnObject: "request.not_an_object"
        case .unknownField: "request.unknown_field"
        case .missingField: "request.missing_field"
        case .wrongType: "request.wrong_type"
        case .invalidField: "request.invalid_field"
        case .unsupportedContentType: "request.unsupported_content_type"
        case .bodyTooLarge: "request.body_too_large"
        case .bodyTimedOut: "request.body_timed_out"
        case .stopping: "server.stopping"
        case .notFound: "request.not_found"
        case .methodNotAllowed: "request.method_not_allowed"
        case .notAcceptable: "request.not_acceptable"
        case .foreignOrigin: "request.foreign_origin"
        case .csrf: "request.form_expired"
        case .upgradeRequired: "request.websocket_only"
        case .tooManySockets: "request.too_many_sockets"
        case .forbidden: "request.forbidden"
        case .loginNeeded: "request.login_needed"
        case .notPermitted: "request.not_permitted"
        case .scopeMissing: "request.scope_missing"
        case .tooManyCalls: "request.too_many_calls"
        }
    }

    var message: String {
        switch self {
        case .malformedJSON(let offset): "The body is not valid JSON: it goes wrong at byte \(offset)."
        case .nulInText: "A text of the body holds the character U+0000, which cannot be kept: take it out."
        case .jsonTooDeep(let limit): "The body is nested too deeply: at most \(limit) levels are read."
        case .duplicateField(let name): "The field \(Self.quoted(name)) appears twice: send it once."
        case .notAnObject: "Send a JSON object as the body."
        case .unknownField(let name, let known):
            known.isEmpty
                ? "There is no field \(Self.quoted(name)) here: send an empty object."
                : "There is no field \(Self.quoted(name)) here: the fields are \(known.joined(separator: ", "))."
        case .missingField(let name): "The field \(Self.quoted(name)) is missing: add it."
        case .wrongType(let name, let expected): "The field \(Self.quoted(name)) has the wrong type: send \(expected)."
        case .invalidField(_, let message): message
        case .unsupportedContentType(let expected): "Send the body as \(expected)."
        case .bodyTooLarge(let limit): "The body is too large: at most \(limit / 1024) KiB are read here."
        case .bodyTimedOut: "The body did not arrive in time: send it again on a new connection."
        case .stopping: "The server is being stopped: try again in a moment."
        case .notFound: "There is nothing at this address."
        case .methodNotAllowed(let methods):
            "This address takes only \(methods.map(\.rawValue).joined(separator: ", "))."
        case .notAcceptable(let offered): "This is offered as \(offered.joined(separator: ", ")): accept one of these."
        case .foreignOrigin: "This may be asked for only from Wharf's own pages."
        case .csrf: "The form is too old or your browser refused its cookie: open the page again and send it anew."
        case .upgradeRequired: "Only WebSocket connections are served here."
        case .tooManySockets: "Too many live connections are open from your network: close another page of ours first."
        case .forbidden: "This is not open to your network."
        case .loginNeeded: "Log in first: send an access token or an API key as Authorization: Bearer."
        case .notPermitted: "Your account may not do this: ask an administrator."
        case .scopeMissing(let scope): "The key lacks the scope \(scope): make one that has it."
        case .tooManyCalls(let wait): "Those were too many calls: try again in \(wait.wholeSecondsUp) seconds."
        }
    }

    var field: String? {
        switch self {
        case .duplicateField(let name), .unknownField(let name, _), .missingField(let name), .wrongType(let name, _),
            .invalidField(let name, _):
            String(name.prefix(64))
        default: nil
        }
    }

    var retryAfter: Duration? {
        switch self {
        case .tooManySockets: .seconds(30)
        case .stopping: .seconds(5)
        case .tooManyCalls(let wait): wait
        default: nil
        }
    }

    var headers: HTTPFields {
        switch self {
        case .methodNotAllowed(let methods): [.allow: methods.map(\.rawValue).joined(separator: ", ")]
        case .upgradeRequired: [.secWebSocketVersion: "13", .upgrade: "websocket"]
        case .bodyTooLarge, .bodyTimedOut, .stopping: [.connection: "close"]
        case .loginNeeded: [.wwwAuthenticate: "Bearer"]
        default: [:]
        }
    }

    /// What a stranger wrote, short enough to be repeated.
    private static func quoted(_ name: String) -> String {
        "“\(name.prefix(64))”"
    }
}

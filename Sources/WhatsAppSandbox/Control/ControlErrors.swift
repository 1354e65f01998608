import Foundation
import NIOHTTP1

extension HTTPReply {
    private struct Failure: Encodable {
        struct Details: Encodable {
            let code: String
            let message: String
            let field: String?
        }
        let error: Details
    }

    /// `{"error":{"code","message","field"}}`; `field` is there when one value is to blame.
    static func failure(
        status: HTTPResponseStatus,
        code: String,
        message: String,
        field: String? = nil
    ) -> HTTPReply {
        .json(Failure(error: .init(code: code, message: message, field: field)), status: status)
    }

    static func json(_ value: some Encodable, status: HTTPResponseStatus = .ok) -> HTTPReply {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        // Encoding types of ours without floating-point numbers cannot fail.
        let body = (try? encoder.encode(value)).map(Array.init) ?? Array("{}".utf8)
        return HTTPReply(status, contentType: "application/json; charset=utf-8", body: body)
    }

    static func failure(_ error: SandboxError) -> HTTPReply {
        let (status, code, message, field) = error.described
        return failure(status: status, code: code, message: message, field: field)
    }
}

extension SandboxError {
    /// Status, code, text for a person and field for the control API.
    var described: (HTTPResponseStatus, String, String, String?) {
        switch self {
        case .invalid(let field, let reason): (.badRequest, "invalid", reason, field)
        case .unknownPhone: (.notFound, "unknown-phone", "There is no phone with this number.", nil)
        case .phoneExists: (.conflict, "phone-exists", "There is a phone with this number already.", "number")
        case .unknownDevice: (.notFound, "unknown-device", "The phone has no such linked device.", nil)
        case .unknownRecipient: (.notFound, "unknown-recipient", "Nobody here is addressed like this.", "to")
        case .unknownMessage: (.notFound, "unknown-message", "The phone has no message with this identifier.", nil)
        case .unknownFault: (.notFound, "unknown-fault", "No fault with this number is active.", nil)
        case .unknownGroup: (.notFound, "unknown-group", "There is no group with this identifier.", nil)
        case .groupRefused(let code, let text):
            (.conflict, "group-refused", "The service refuses: \(code) \(text).", nil)
        case .unknownReference:
            (.conflict, "unknown-reference", "No companion waits behind this QR code any more; take a fresh one.", "qr")
        case .keyMismatch:
            (.conflict, "key-mismatch", "The keys in the code are not those of the companion that shows it.", nil)
        case .outdatedQR:
            (
                .conflict, "outdated-qr",
                "The companion was told to replace its secret; scan the code that it draws after that.", "qr"
            )
        case .alreadyLinking: (.conflict, "already-linking", "This companion is being linked right now.", nil)
        case .deviceLimitReached(let limit):
            (.conflict, "resource-limit", "The phone may have \(limit) linked devices; unlink one first.", nil)
        case .noCodeOffered:
            (.conflict, "no-code", "No companion waits for a code of this number, or its code has expired.", "code")
        case .wrongCode:
            (.conflict, "wrong-code", "The code is wrong: the companion's keys do not open with it.", "code")
        case .noPasskey: (.conflict, "no-passkey", "This phone has no passkey.", nil)
        case .companionRefused(let code, let text):
            (
                .conflict, "companion-refused",
                "The companion refused the link: \(code.map { "\($0) " } ?? "")\(text).", nil
            )
        case .companionGone: (.conflict, "companion-gone", "The companion's connection closed while linking.", nil)
        case .timedOut: (.gatewayTimeout, "timed-out", "The companion did not answer in time.", nil)
        case .unusableSnapshot(let path, let reason):
            (.internalServerError, "snapshot", "The snapshot \(path) cannot be used: \(reason).", nil)
        case .unusableTLSPort(let port, let reason):
            (.internalServerError, "tls-port", "The port \(port) cannot be listened on: \(reason).", nil)
        case .notRunning: (.serviceUnavailable, "not-running", "The sandbox does not run.", nil)
        }
    }
}

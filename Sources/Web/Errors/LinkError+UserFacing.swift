package import HTTPTypes
package import Outreach

extension LinkError: UserFacingError {
    package var code: String {
        switch self {
        case .invalidTarget: "link.invalid_target"
        case .limitReached: "link.limit_reached"
        case .unknown: "link.unknown"
        }
    }

    package var message: String {
        switch self {
        case .invalidTarget(.notAnAddress): "Write an address of the web such as https://example.org/page."
        case .invalidTarget(.tooLong(let limit)): "An address has at most \(limit) bytes."
        case .invalidTarget(.credentials): "There must be no name or password in the address."
        case .invalidTarget(.circular): "This is a short link already."
        case .limitReached(let limit): "An account has at most \(limit) short links: remove some."
        case .unknown: "There is no such link, or it has been removed."
        }
    }

    package var status: HTTPResponse.Status {
        switch self {
        case .invalidTarget: .unprocessableContent
        case .limitReached: .conflict
        case .unknown: .notFound
        }
    }

    package var field: String? {
        guard case .invalidTarget = self else { return nil }
        return "target"
    }
}

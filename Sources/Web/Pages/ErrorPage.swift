internal import HTTPTypes

/// What a person sees instead of the page that was asked for.
struct ErrorPage: PageFrame, Sendable {
    let title: String
    let description = "Something is not as it should be."
    let canonicalPath: String? = nil
    let place = PagePlace.elsewhere
    let status: Int
    let heading: String
    let text: String
    let suggestion: String?
    let requestID: String?

    init(_ error: any UserFacingError, requestID: String, strings: Strings) {
        status = error.status.code
        let name =
            switch error.status {
            case .notFound: "not_found"
            case .gone: "gone"
            case .methodNotAllowed: "method"
            case .tooManyRequests: "too_many"
            case .serviceUnavailable: "unavailable"
            case .forbidden: "forbidden"
            case .internalServerError: "internal"
            default: "other"
            }
        heading = strings("problem.\(name)")
        title = "\(heading) · Wharf"
        text = strings.message(of: error)
        suggestion = strings.find("problem.suggestion.\(name)")
        self.requestID = error.status.code >= 500 ? requestID : nil
    }
}

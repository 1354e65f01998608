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

    init(_ error: any UserFacingError, requestID: String) {
        status = error.status.code
        heading =
            switch error.status {
            case .notFound: "There is nothing here"
            case .gone: "This is over"
            case .methodNotAllowed: "That is not how this address works"
            case .tooManyRequests: "Not so fast"
            case .serviceUnavailable: "Not at the moment"
            case .forbidden: "This was refused"
            case .internalServerError: "Something went wrong on our side"
            default: "That did not work"
            }
        title = "\(heading) · Wharf"
        text = error.message
        suggestion =
            switch error.status {
            case .notFound: "Check the address, or go on from one of these:"
            case .gone: "Attempts live for minutes only. Starting anew takes a moment:"
            default: nil
            }
        self.requestID = error.status.code >= 500 ? requestID : nil
    }
}

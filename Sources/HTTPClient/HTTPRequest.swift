/// One HTTP request, as a value.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// What happens when the server answers with another address.
    package enum Redirects: Sendable, Equatable {
        /// The answer with its 3xx status is the response.
        case returned
        /// Followed up to this many times, and never from https down to http.
        case followed(limit: Int)
    }

    package var method: Method
    /// Absolute, `http` or `https`.
    package var url: String
    package var headers: [HTTPHeader]
    package var body: [UInt8]
    /// Sent in place of ``body``, read as the connection takes it.
    package var bodyFile: HTTPFileBody?
    /// From start to last byte, waiting for a free connection included.
    package var timeout: Duration = .seconds(30)
    package var connectTimeout: Duration = .seconds(10)
    /// The longest body that is accepted, after decompression.
    package var responseLimit = 1 << 20
    package var redirects = Redirects.returned
    /// Whether only public addresses are connected to, also after redirects; anything else is ``HTTPClientError/connectionRefused``.
    ///
    /// For every address that a stranger may have chosen.
    package var isPublicOnly = false
    /// Ends a transfer that has moved less than a byte a second for so long; nil waits for ``timeout`` alone.
    package var stallTimeout: Duration?

    package init(_ method: Method, _ url: String, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// A part of a file as the body of a request.
package struct HTTPFileBody: Sendable {
    package var path: String
    package var offset: UInt64
    package var length: UInt64
    /// Told how many bytes have been handed to the connection so far, on the client's thread: it must return at once.
    package var progress: (@Sendable (UInt64) -> Void)?

    package init(
        path: String,
        offset: UInt64 = 0,
        length: UInt64,
        progress: (@Sendable (UInt64) -> Void)? = nil
    ) {
        self.path = path
        self.offset = offset
        self.length = length
        self.progress = progress
    }
}

/// A header field's name and value.
package struct HTTPHeader: Sendable, Equatable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether name and value may stand in a header: no line break or other control character can be smuggled in.
    var isValid: Bool {
        let isToken = !name.isEmpty && name.utf8.allSatisfy { Self.tokenBytes.contains($0) }
        return isToken && value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }

    private static let tokenBytes = Set(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8
    )
}

/// What the server answered, whole.
package struct HTTPResponse: Sendable {
    package let status: Int
    /// In the order in which they came; those of the last answer where redirects were followed.
    package let headers: [HTTPHeader]
    package let body: [UInt8]

    /// The value of the first header of this name, in whatever case.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}

/// Why there is no response.
package enum HTTPClientError: Error, Equatable {
    /// Not an absolute `http` or `https` address.
    case invalidURL
    /// A header's name or value that must not be sent.
    case invalidHeader(name: String)
    case hostNotFound
    case connectionRefused
    /// The certificate is not valid, or the two sides found no common ground.
    case tlsFailed
    case timedOut
    /// The connection broke in the middle.
    case connectionLost
    case malformedResponse
    case responseTooLarge(limit: Int)
    case tooManyRedirects
    /// The task that asked was cancelled.
    case cancelled
    /// The file of the request's body cannot be read, or is shorter than was said.
    case unreadableBody
    /// Too many requests wait already.
    case overloaded(limit: Int)
    /// The client has been shut down.
    case shutDown
    /// Any other failure, by libcurl's number.
    case failed(code: Int)
}

import Foundation
import NIOCore
import NIOHTTP1

/// A whole request of the control API or of the page.
struct HTTPRequest: Sendable {
    let method: HTTPMethod
    /// Without the query, percent-decoded piece by piece.
    let path: [String]
    let query: String
    let headers: HTTPHeaders
    let body: [UInt8]
}

/// What is answered to it.
struct HTTPReply: Sendable {
    var status: HTTPResponseStatus
    var contentType: String
    var headers: HTTPHeaders = [:]
    var body: [UInt8]

    init(_ status: HTTPResponseStatus, contentType: String, headers: HTTPHeaders = [:], body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }
}

extension HTTPRequest {
    /// A value of the query, percent-decoded; the first one of that name.
    func parameter(_ name: String) -> String? {
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.first.map(String.init) == name else { continue }
            return halves.count > 1 ? String(halves[1]).removingPercentEncoding : ""
        }
        return nil
    }
}

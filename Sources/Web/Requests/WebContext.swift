internal import Accounts
internal import Hummingbird
internal import Logging
internal import NIOCore

/// What one request carries from the middleware to its handler.
struct WebContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// Names this request in its log lines, its response and its error page.
    var requestID: String
    /// Where it came from, proxies taken into account.
    var client: NetworkAddress
    /// Whoever is logged in, where the route asks for it.
    var viewer: Viewer?
    /// What a form sent, read and checked by the gate.
    var form = FormFields(parsing: "")

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        requestID = Self.freshRequestID()
        client = source.channel.remoteAddress?.ipAddress.flatMap { NetworkAddress($0) } ?? .unknown
        logger[metadataKey: "hb.request.id"] = nil
        logger[metadataKey: "request.id"] = "\(requestID)"
    }

    private static func freshRequestID() -> String {
        let random = UInt64.random(in: .min ... .max)
        let digits = String(random, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

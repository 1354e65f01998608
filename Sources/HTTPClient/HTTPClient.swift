import Foundation
import Synchronization

/// The one HTTP client: libcurl's multi interface on a thread of its own.
///
/// Certificates are always checked. Connections are kept and shared between requests. Proxies are taken from the usual
/// environment variables (`https_proxy`, `no_proxy`), which is libcurl's way.
///
/// Call `shutdown()` before letting go of it; the thread ends when the last reference goes as well.
package final class HTTPClient: Sendable {
    private let mailbox: Mailbox
    private let userAgent: String

    /// Starts the client's thread.
    ///
    /// `limit` is the number of requests under way at once; more are refused with `overloaded`.
    package init(userAgent: String = "Wharf", limit: Int = 1_024) {
        self.userAgent = userAgent
        let mailbox = Mailbox(limit: limit)
        self.mailbox = mailbox
        let thread = Thread { TransferLoop(mailbox: mailbox).run() }
        thread.name = "http-client"
        thread.start()
    }

    deinit {
        mailbox.post(.stop)
    }

    /// Sends a request and waits for the whole response; a status of 400 or more is a response like any other.
    ///
    /// Cancelling the task ends the transfer and throws `cancelled`.
    package func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
        try check(request)
        let id = try mailbox.reserve()
        let userAgent = userAgent
        let mailbox = mailbox
        let result: Result<HTTPResponse, HTTPClientError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mailbox.post(
                    .start(TransferOrder(id: id, request: request, userAgent: userAgent, reply: .whole(continuation)))
                )
                // A cancellation from before the start was posted found nothing to cancel.
                if Task.isCancelled { mailbox.post(.cancel(id)) }
            }
        } onCancel: {
            mailbox.post(.cancel(id))
        }
        return try result.get()
    }

    /// Sends a request and waits for the head of the response; its body is read piece by piece.
    ///
    /// At most `bufferLimit` bytes wait for the reader, or one piece from the network where that is more. The request's
    /// limit for a response counts here too; the body is taken as it is, without decompression.
    package func stream(
        _ request: HTTPRequest,
        bufferLimit: Int = 1 << 20
    ) async throws(HTTPClientError) -> HTTPStreamedResponse {
        try check(request)
        let id = try mailbox.reserve()
        let (userAgent, mailbox) = (userAgent, mailbox)
        let place = Mutex<BodyBuffer?>(nil)
        let result: Result<BodyBuffer.Head, HTTPClientError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let buffer = BodyBuffer(limit: bufferLimit, headReply: continuation)
                place.withLock { $0 = buffer }
                mailbox.post(
                    .start(TransferOrder(id: id, request: request, userAgent: userAgent, reply: .stream(buffer)))
                )
                if Task.isCancelled { mailbox.post(.cancel(id)) }
            }
        } onCancel: {
            mailbox.post(.cancel(id))
        }
        let head = try result.get()
        guard let buffer = place.withLock({ $0 }) else { throw .shutDown }
        return HTTPStreamedResponse(
            status: head.status,
            headers: head.headers,
            body: HTTPBodyStream(buffer: buffer, mailbox: mailbox, id: id)
        )
    }

    private func check(_ request: HTTPRequest) throws(HTTPClientError) {
        if let header = request.headers.first(where: { !$0.isValid }) { throw .invalidHeader(name: header.name) }
        let scheme = request.url.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", request.url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .invalidURL
        }
    }

    /// Ends what runs with `shutDown`, closes all connections, and returns when the thread is done.
    package func shutdown() async {
        await withCheckedContinuation { continuation in
            mailbox.stop { continuation.resume() }
        }
    }
}

import CCurl
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
        if let header = request.headers.first(where: { !$0.isValid }) { throw .invalidHeader(name: header.name) }
        let scheme = request.url.prefix { $0 != ":" }.lowercased()
        guard scheme == "http" || scheme == "https", request.url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .invalidURL
        }
        let id = try mailbox.reserve()
        let userAgent = userAgent
        let mailbox = mailbox
        let result: Result<HTTPResponse, HTTPClientError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mailbox.post(
                    .start(TransferOrder(id: id, request: request, userAgent: userAgent, reply: continuation))
                )
                // A cancellation from before the start was posted found nothing to cancel.
                if Task.isCancelled { mailbox.post(.cancel(id)) }
            }
        } onCancel: {
            mailbox.post(.cancel(id))
        }
        return try result.get()
    }

    /// Ends what runs with `shutDown`, closes all connections, and returns when the thread is done.
    package func shutdown() async {
        await withCheckedContinuation { continuation in
            mailbox.stop { continuation.resume() }
        }
    }
}

/// What the callers want done, on its way to the thread that does it.
final class Mailbox: Sendable {
    enum Order {
        case start(TransferOrder)
        case cancel(UInt64)
        case stop
    }

    private struct State {
        var orders: [Order] = []
        var alarm: Alarm?
        var running = 0
        var lastID: UInt64 = 0
        var isStopping = false
        var isEnded = false
        var whenEnded: [@Sendable () -> Void] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a place for one request, which `finish` gives back.
    func reserve() throws(HTTPClientError) -> UInt64 {
        try state.withLock { state throws(HTTPClientError) in
            guard !state.isStopping else { throw .shutDown }
            guard state.running < limit else { throw .overloaded(limit: limit) }
            state.running += 1
            state.lastID += 1
            return state.lastID
        }
    }

    func finish(_ order: TransferOrder, _ result: Result<HTTPResponse, HTTPClientError>) {
        state.withLock { $0.running -= 1 }
        order.reply.resume(returning: result)
    }

    func post(_ order: Order) {
        let late: TransferOrder? = state.withLock { state in
            guard !state.isEnded else {
                guard case .start(let order) = order else { return nil }
                return order
            }
            if case .stop = order { state.isStopping = true }
            state.orders.append(order)
            state.alarm?.ring()
            return nil
        }
        if let late { finish(late, .failure(.shutDown)) }
    }

    func stop(whenEnded done: @escaping @Sendable () -> Void) {
        let isEnded = state.withLock { state in
            if !state.isEnded { state.whenEnded.append(done) }
            return state.isEnded
        }
        if isEnded { done() } else { post(.stop) }
    }

    // MARK: The thread's side

    /// Wake-ups may come from here on.
    func open(_ alarm: Alarm) {
        state.withLock { $0.alarm = alarm }
    }

    func take() -> [Order] {
        state.withLock { state in
            let orders = state.orders
            state.orders = []
            return orders
        }
    }

    /// No more wake-ups from here on; whoever comes late is turned away.
    func close() {
        let (orders, whenEnded) = state.withLock { state in
            let left = (state.orders, state.whenEnded)
            state.alarm = nil
            state.isStopping = true
            state.isEnded = true
            state.orders = []
            state.whenEnded = []
            return left
        }
        for case .start(let order) in orders { finish(order, .failure(.shutDown)) }
        for done in whenEnded { done() }
    }
}

/// Wakes the client's thread from its wait.
///
// SAFETY: `curl_multi_wakeup` is the one call that libcurl allows from any thread; the mailbox makes it under its lock,
// and lets go of the alarm under the same lock before the thread frees the handle.
struct Alarm: @unchecked Sendable {
    private let multi: UnsafeMutableRawPointer

    init(_ multi: UnsafeMutableRawPointer) {
        self.multi = multi
    }

    func ring() {
        curl_multi_wakeup(multi)
    }
}

/// A request with the place where its result is awaited.
struct TransferOrder: Sendable {
    let id: UInt64
    let request: HTTPRequest
    let userAgent: String
    let reply: CheckedContinuation<Result<HTTPResponse, HTTPClientError>, Never>
}

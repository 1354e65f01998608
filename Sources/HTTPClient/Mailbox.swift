import CCurl
import Synchronization

/// What the callers want done, on its way to the thread that does it.
final class Mailbox: Sendable {
    enum Order {
        case start(TransferOrder)
        case cancel(UInt64)
        /// The reader of a body has room again.
        case resume(UInt64)
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
        switch order.reply {
        case .whole(let reply): reply.resume(returning: result)
        case .stream(let buffer):
            if case .success(let response) = result {
                buffer.begin(BodyBuffer.Head(status: response.status, headers: response.headers))
            }
            buffer.finish(result.map { _ in })
        }
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
    enum Reply: Sendable {
        case whole(CheckedContinuation<Result<HTTPResponse, HTTPClientError>, Never>)
        case stream(BodyBuffer)
    }

    let id: UInt64
    let request: HTTPRequest
    let userAgent: String
    let reply: Reply
}

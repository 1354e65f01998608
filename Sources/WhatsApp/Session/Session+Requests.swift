internal import Foundation
internal import NIOCore
package import WhatsAppWire

/// Requests that wait for the service's answer.
struct PendingRequests {
    var waiting: [String: LoopContinuation<Result<BinaryNode, RequestError>>] = [:]
    /// What could not go out yet because the session is not active.
    var deadlines: [String: Scheduled<Void>] = [:]
}

extension Session {
    /// Sends an IQ that was built without `id` and waits for its result.
    ///
    /// Fails at once where the session is not active. `refused` carries what the service says.
    package func request(
        _ iq: BinaryNode,
        timeout: Duration = .seconds(60)
    ) async throws(RequestError) -> BinaryNode {
        guard connection.isActive, let handler = connection.handler, let id = connection.requestIDs?.next() else {
            throw .notConnected
        }
        var iq = iq
        iq.attributes["id"] = .text(id)
        let continuation = LoopContinuation<Result<BinaryNode, RequestError>>(executor)
        requests.waiting[id] = continuation
        if timeout < .seconds(60) {
            requests.deadlines[id] = loop.scheduleTask(in: TimeAmount(timeout)) { [weak self] in
                self?.assumeIsolated { $0.resolve(id, .failure(.timedOut)) }
            }
        }
        handler.value.perform { $0.send(iq, awaitingAnswer: id, now: Date()) }
        return try await continuation.value().get()
    }

    /// Sends a stanza that has no answer, or one that comes by itself.
    package func sendStanza(_ node: BinaryNode) throws(RequestError) {
        guard connection.isLoggedIn, let handler = connection.handler else { throw .notConnected }
        handler.value.perform { $0.send(node, awaitingAnswer: nil, now: Date()) }
    }

    /// The identifier of a stanza that is no request.
    func nextStanzaID() -> String {
        connection.requestIDs?.next() ?? "0"
    }

    func answered(_ id: String, _ node: BinaryNode) {
        guard node.attributes.text("type") == "error" else { return resolve(id, .success(node)) }
        let error = node.child("error")
        let code = error?.attributes.integer("code", as: Int.self) ?? 500
        let text = error?.attributes.text("text")
        if code == 408, text == "timeout" { return resolve(id, .failure(.timedOut)) }
        let backOff = error?.attributes.integer("backoff", as: Int.self)
        resolve(id, .failure(.refused(code: code, text: text, backOff: backOff)))
    }

    private func resolve(_ id: String, _ result: Result<BinaryNode, RequestError>) {
        requests.deadlines.removeValue(forKey: id)?.cancel()
        requests.waiting.removeValue(forKey: id)?.resume(returning: result)
    }

    func failRequests(with error: RequestError) {
        let waiting = requests.waiting
        for deadline in requests.deadlines.values { deadline.cancel() }
        requests = PendingRequests()
        for continuation in waiting.values { continuation.resume(returning: .failure(error)) }
    }
}

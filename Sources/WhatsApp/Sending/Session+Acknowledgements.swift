internal import Foundation
internal import NIOCore
internal import WhatsAppWire

extension Session {
    /// Sends a message stanza; `acknowledgement(of:)` waits for the service's word on it.
    ///
    /// Where the connection breaks in between, the same stanza goes out again with the next one: receivers drop the
    /// repeat by its id.
    func deliver(_ stanza: BinaryNode, id: String) {
        finish(id, nil)
        sending.order.removeAll { $0 == id }
        sending.pending[id] = SendingState.Pending(stanza: stanza, sentAt: .now)
        sending.order.append(id)
        expireSends(in: SendingState.acknowledgementTimeout)
        counters.sent += 1
        guard !connection.isOver else { return finish(id, nil) }
        try? sendStanza(stanza)
    }

    /// What the service says to a stanza that was sent; nil when it said nothing in time.
    func acknowledgement(of id: String) async -> Acknowledgement? {
        guard sending.pending[id] != nil else { return nil }
        if let outcome = sending.pending[id]?.outcome {
            sending.pending[id] = nil
            return outcome
        }
        let continuation = LoopContinuation<Acknowledgement?>(executor)
        sending.pending[id]?.continuation = continuation
        return await continuation.value()
    }

    /// `<ack class="message" id from t? error? phash? addressing_mode?/>`.
    func handleAcknowledgement(_ node: BinaryNode) {
        guard node.attributes.text("class") == "message", let id = node.attributes.text("id"),
            let pending = sending.pending[id]
        else { return }
        counters.acknowledged += 1
        counters.acknowledgementTime += pending.sentAt.duration(to: .now)
        let seconds = node.attributes.integer("t", as: UInt32.self)
        finish(
            id,
            Acknowledgement(
                timestamp: seconds.map { Date(timeIntervalSince1970: TimeInterval($0)) },
                error: node.attributes.integer("error", as: Int.self),
                deviceHash: node.attributes.text("phash"),
                addressingMode: node.attributes.text("addressing_mode"),
                serverID: node.attributes.integer("server_id", as: UInt32.self).map(Int.init)
            )
        )
    }

    private func finish(_ id: String, _ acknowledgement: Acknowledgement?) {
        guard var pending = sending.pending[id], pending.outcome == nil else { return }
        if sending.order.first == id { sending.order.removeFirst() } else { sending.order.removeAll { $0 == id } }
        if let continuation = pending.continuation {
            sending.pending[id] = nil
            continuation.resume(returning: acknowledgement)
        } else {
            // Nobody waits yet.
            pending.outcome = .some(acknowledgement)
            sending.pending[id] = pending
        }
    }

    /// After a reconnect: what was sent and not acknowledged, in its order.
    func resendUnacknowledged() {
        for id in sending.order {
            if let stanza = sending.pending[id]?.stanza { try? sendStanza(stanza) }
        }
    }

    func failSends() {
        for id in sending.order { finish(id, nil) }
        sending.expiry?.cancel()
        sending.expiry = nil
    }

    /// One timer for all that wait, which looks at the oldest: a timer for each would be made and cancelled with each message.
    private func expireSends(in delay: Duration) {
        guard sending.expiry == nil else { return }
        sending.expiry = loop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
            self?.assumeIsolated { session in
                session.sending.expiry = nil
                session.expireSends(at: .now)
            }
        }
    }

    private func expireSends(at time: ContinuousClock.Instant) {
        while let id = sending.order.first {
            let left = SendingState.acknowledgementTimeout - (sending.pending[id]?.sentAt ?? time).duration(to: time)
            guard left <= .zero || sending.pending[id] == nil else { return expireSends(in: left) }
            finish(id, nil)
            sending.order.removeAll { $0 == id }
        }
    }
}

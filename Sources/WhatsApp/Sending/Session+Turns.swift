internal import WhatsAppWire

extension Session {
    /// Waits until nobody else sends to the chat; `endTurn` must follow on every path.
    func beginTurn(in chat: JID) async throws(SendError) {
        let name = chat.description
        guard sending.turns[name] != nil else {
            sending.turns[name] = []
            return
        }
        guard sending.waiting < environment.limits.waitingSends else {
            throw .tooManyWaiting(limit: environment.limits.waitingSends)
        }
        sending.waiting += 1
        await withCheckedContinuation { sending.turns[name]?.append($0) }
        sending.waiting -= 1
    }

    func endTurn(in chat: JID) {
        let name = chat.description
        guard var waiting = sending.turns[name] else { return }
        guard !waiting.isEmpty else {
            sending.turns[name] = nil
            return
        }
        let next = waiting.removeFirst()
        sending.turns[name] = waiting
        next.resume()
    }
}

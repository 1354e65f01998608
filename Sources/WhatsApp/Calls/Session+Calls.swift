package import WhatsAppWire

extension Session {
    /// Tells of a call, and answers what the service wants answered once that is durable.
    func handleCall(_ node: BinaryNode) async {
        if let own = credentials.account { tell(node, own: own) }
        guard let answer = CallNotice.answer(node, own: credentials.account?.jid) else { return }
        let number = connection.number
        afterCommit { session in
            guard session.connection.number == number else { return }
            try? session.sendStanza(answer)
        }
    }

    /// Refuses a call, on all devices of the account.
    package func rejectCall(_ callID: String, from creator: JID) throws(RequestError) {
        guard let own = credentials.account else { throw .notConnected }
        guard !callID.isEmpty, callID.utf8.count <= 256 else { throw .invalid(field: "call_id", reason: "no call") }
        let jid = creator.server == .lid ? own.lid ?? own.jid : own.jid
        try sendStanza(CallStanzas.reject(callID, creator: creator, own: jid, id: nextStanzaID()))
    }
}

package import WhatsAppWire

/// Messages of companions as they came, for those who look at ciphertexts.
struct MessageTap: Sendable {
    let limit: Int
    private(set) var stanzas: [BinaryNode] = []

    init(limit: Int) {
        self.limit = limit
    }

    mutating func take(_ node: BinaryNode) {
        guard node.tag == "message", stanzas.count < limit else { return }
        stanzas.append(node)
    }
}

extension SandboxServer {
    /// Keeps the first messages of companions whole from now on, ciphertexts included.
    package func tapMessages(limit: Int = 5_000) async throws {
        try await onLoop { $0.perform { $0.tap = MessageTap(limit: limit) } }
    }

    /// What has been kept, oldest first.
    package func tappedMessages() async throws -> [BinaryNode] {
        try await onLoop { $0.view.tap?.stanzas ?? [] }
    }

    /// Brings a companion any stanza as if the service had made it; it comes again until it is confirmed.
    package func deliver(_ stanza: BinaryNode, toDevice device: UInt16, of number: String) async throws {
        try await onLoop { engine in
            try engine.perform { state in
                guard state.phones[number]?.devices[device] != nil else { throw SandboxError.unknownDevice }
                let id = stanza.attributes.text("id") ?? state.newStanzaID()
                state.enqueue(stanza, id: id, to: DeviceAddress(number: number, device: device))
            }
        }
    }
}

import WhatsAppWire

extension ServerState {
    /// Lets a fault happen, or puts it on the board.
    ///
    /// `times` is for standing faults; nil lasts until cleared.
    mutating func inject(_ fault: SandboxFault, scope: FaultScope, times: Int?) throws(SandboxError) -> FaultReceipt {
        if let number = scope.number, phones[number] == nil { throw .unknownPhone }
        if let number = scope.number, let device = scope.device, phones[number]?.devices[device] == nil {
            throw .unknownDevice
        }
        guard fault.isImmediate else {
            guard let entry = faults.add(fault, scope: scope, times: times) else {
                throw .invalid(field: "kind", reason: "There are too many faults; clear some first.")
            }
            return .standing(entry)
        }
        return .done(affected: try strike(fault, scope: scope))
    }

    private mutating func strike(_ fault: SandboxFault, scope: FaultScope) throws(SandboxError) -> Int {
        let targets = connections(in: scope)
        switch fault {
        case .drop, .serverRestart:
            let struck = fault == .serverRestart ? connections.keys.sorted { $0.rawValue < $1.rawValue } : targets
            for id in struck { cut(id) }
            return struck.count
        case .streamError(let code, let conflict):
            var error = BinaryNode("stream:error", ["code": code.map { .text(String($0)) }])
            if let conflict { error.content = .nodes([BinaryNode("conflict", ["type": .text(conflict)])]) }
            for id in targets {
                send(error, to: id)
                end(id)
            }
            return targets.count
        case .xmlStreamEnd:
            for id in targets {
                send(BinaryNode("xmlstreamend"), to: id)
                end(id)
            }
            return targets.count
        case .expireReferences:
            let waiting = targets.filter { connections[$0]?.registration != nil }
            for id in waiting { end(id) }
            return waiting.count
        case .replayMessages: return replayMessages(scope: scope)
        case .reinstall:
            guard let number = scope.number else {
                throw .invalid(field: "number", reason: "Name the phone that is set up anew.")
            }
            try reinstall(number)
            return 1
        case .revokeDevice:
            guard let number = scope.number else {
                throw .invalid(field: "number", reason: "Name the phone that removes its devices.")
            }
            let count = scope.device == nil ? phones[number]?.devices.count ?? 0 : 1
            try unlink(scope.device, of: number)
            return count
        case .rotateSecret:
            let waiting = targets.filter { connections[$0]?.registration != nil }
            for id in waiting { rotateSecret(on: id, outdated: nil) }
            return waiting.count
        case .refreshCode(let forcedByHand):
            let struck = offers.filter { scope.covers(number: $0.key, device: nil) }
            for (number, offer) in struck { refreshCode(of: number, offer: offer, forcedByHand: forcedByHand) }
            return struck.count
        default: return 0
        }
    }

    /// The connections that a scope means; without a number all that got beyond the handshake.
    private func connections(in scope: FaultScope) -> [ConnectionID] {
        connections.values.filter { connection in
            switch connection.phase {
            case .linked(let address): scope.covers(number: address.number, device: address.device)
            case .unregistered: scope.number == nil || scope.device == nil && concerns(connection.id, scope.number)
            case .handshake, .ended: false
            }
        }
        .map(\.id)
        .sorted { $0.rawValue < $1.rawValue }
    }

    /// Whether an unlinked connection has to do with a number: it asked for a code, or is being linked.
    private func concerns(_ id: ConnectionID, _ number: String?) -> Bool {
        connections[id]?.registration?.linking?.number == number
            || number.flatMap { offers[$0]?.connection } == id
    }

    func shaping(of id: ConnectionID) -> Shaping {
        guard !faults.active.isEmpty else { return Shaping() }
        let address = connections[id]?.device
        let number = address?.number ?? connections[id]?.registration?.linking?.number
        return faults.shaping(number: number, device: address?.device)
    }
}

/// The standing faults, and how often each is still to happen.
struct FaultBoard: Sendable {
    /// A limit against forgetting: the board is read at every stanza.
    static let capacity = 100

    private(set) var active: [ActiveFault] = []
    private var lastID = 0

    /// Adds a fault; nil when there are too many.
    ///
    /// `times` nil lasts until it is cleared.
    mutating func add(_ fault: SandboxFault, scope: FaultScope, times: Int?) -> ActiveFault? {
        guard active.count < Self.capacity else { return nil }
        lastID += 1
        let entry = ActiveFault(id: lastID, fault: fault, scope: scope, remaining: times)
        active.append(entry)
        return entry
    }

    mutating func clear() {
        active.removeAll()
    }

    /// Whether there was one with that number.
    mutating func clear(_ id: Int) -> Bool {
        guard let index = active.firstIndex(where: { $0.id == id }) else { return false }
        active.remove(at: index)
        return true
    }

    /// Whether a plain fault happens now; counts it.
    mutating func take(_ fault: SandboxFault, number: String?, device: UInt16?) -> Bool {
        take(number: number, device: device) { $0 == fault ? true : nil } ?? false
    }

    /// Whether a plain fault is in force for an account; does not count it.
    func stands(_ fault: SandboxFault, number: String) -> Bool {
        active.contains { $0.fault == fault && $0.scope.covers(number: number, device: nil) }
    }

    mutating func takeRefusal(number: String, device: UInt16) -> (reason: Int, attributes: [String: String])? {
        take(number: number, device: device) { fault in
            if case .refuseLogin(let reason, let attributes) = fault { (reason, attributes) } else { nil }
        }
    }

    /// The error that the next message of a device is answered with.
    mutating func takeMessageRefusal(number: String, device: UInt16) -> Int? {
        take(number: number, device: device) { fault in
            if case .refuseMessage(let code) = fault { code } else { nil }
        }
    }

    /// The error that a device's one-time keys are answered with.
    mutating func takePreKeyRefusal(number: String, device: UInt16) -> Int? {
        take(number: number, device: device) { fault in
            if case .refusePreKeys(let code) = fault { code } else { nil }
        }
    }

    mutating func takePairingCodeError(number: String) -> (code: Int, backoff: Int?)? {
        take(number: number, device: nil) { fault in
            if case .pairingCodeError(let code, let backoff) = fault { (code, backoff) } else { nil }
        }
    }

    mutating func takeCertificateFlaw() -> CertificateFlaw? {
        take(number: nil, device: nil) { fault in
            if case .wrongCertificate(let flaw) = fault { flaw } else { nil }
        }
    }

    mutating func isMuted(namespace: String, child: String, number: String?, device: UInt16?) -> Bool {
        take(number: number, device: device) { fault in
            guard case .mute(namespace, let muted) = fault else { return nil }
            return muted == nil || muted == child ? true : nil
        } ?? false
    }

    /// How what is written to a connection is treated; these faults are not counted.
    func shaping(number: String?, device: UInt16?) -> Shaping {
        var shaping = Shaping()
        for entry in active where entry.scope.covers(number: number, device: device) {
            switch entry.fault {
            case .delay(let milliseconds, let part):
                if part != .handshake { shaping.stanzaDelay = max(shaping.stanzaDelay, milliseconds) }
                if part != .stanzas { shaping.handshakeDelay = max(shaping.handshakeDelay, milliseconds) }
            case .splitFrames: shaping.splits = true
            case .joinFrames: shaping.joins = true
            case .compressStanzas: shaping.compresses = true
            default: break
            }
        }
        return shaping
    }

    mutating func take<Value>(
        number: String?,
        device: UInt16?,
        matching: (SandboxFault) -> Value?
    ) -> Value? {
        for index in active.indices where active[index].scope.covers(number: number, device: device) {
            guard let value = matching(active[index].fault) else { continue }
            if let remaining = active[index].remaining {
                if remaining <= 1 { active.remove(at: index) } else { active[index].remaining = remaining - 1 }
            }
            return value
        }
        return nil
    }
}

/// How bytes to a connection are treated.
struct Shaping: Sendable, Equatable {
    /// Milliseconds.
    var stanzaDelay = 0
    var handshakeDelay = 0
    var splits = false
    var joins = false
    var compresses = false
}

import Foundation
import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

/// The service's state with everything that it wants done written down, and a clock that the test turns.
struct ServerHarness {
    static let number = "15550001111"

    var state: ServerState
    private(set) var sent: [ConnectionID: [BinaryNode]] = [:]
    private(set) var closed: Set<ConnectionID> = []
    private(set) var timers: [ServerTimer: Date] = [:]
    private(set) var outcomes: [OperationID: Result<LinkOutcome, SandboxError>] = [:]
    private(set) var notes: [ServerNote] = []
    private var counter = 0

    init(settings: (inout ServerSettings) -> Void = { _ in }) {
        var chosen = ServerSettings(mediaHost: "media.example:8443")
        settings(&chosen)
        state = ServerState(settings: chosen, now: Date(timeIntervalSince1970: 1_766_000_000))
    }

    /// With one phone.
    static func withPhone(_ order: NewPhone = NewPhone(number: number, name: "Ada")) throws -> ServerHarness {
        var harness = ServerHarness()
        _ = try harness.perform { try $0.createPhone(order) }
        return harness
    }

    mutating func perform<Value>(_ change: (inout ServerState) throws -> Value) rethrows -> Value {
        defer { carryOut() }
        return try change(&state)
    }

    private mutating func carryOut() {
        for effect in state.takeEffects() {
            switch effect {
            case .send(let node, let id, _): sent[id, default: []].append(node)
            case .close(let id), .cut(let id): closed.insert(id)
            case .schedule(let timer, let delay):
                timers[timer] = state.now.addingTimeInterval(Double(delay.components.seconds))
            case .cancel(let timer): timers[timer] = nil
            case .finish(let operation, let result): outcomes[operation] = result
            case .note(let note, _): notes.append(note)
            case .save: break
            }
        }
    }

    /// Lets time pass, with every timer that is due on the way.
    mutating func advance(_ seconds: Double) {
        let end = state.now.addingTimeInterval(seconds)
        while let (timer, at) = timers.filter({ $0.value <= end }).min(by: { $0.value < $1.value }) {
            timers[timer] = nil
            state.now = max(at, state.now)
            perform { $0.fire(timer) }
        }
        state.now = end
    }

    // MARK: Connections

    mutating func connect(_ companion: TestCompanion, payload: [UInt8]) -> ConnectionID {
        let id = perform { $0.open() }
        perform { $0.established(id, noisePublicKey: companion.noise.publicKey, payload: payload) }
        return id
    }

    mutating func register(_ companion: TestCompanion) throws -> ConnectionID {
        connect(companion, payload: try companion.registration())
    }

    mutating func logIn(_ companion: TestCompanion, device: UInt32, number: String = number) throws -> ConnectionID {
        connect(companion, payload: try companion.login(number: try #require(UInt64(number)), device: device))
    }

    /// What was sent to a connection since the last call.
    mutating func take(_ id: ConnectionID) -> [BinaryNode] {
        sent.removeValue(forKey: id) ?? []
    }

    mutating func receive(_ node: BinaryNode, on id: ConnectionID) {
        perform { $0.receive(node, on: id) }
    }

    /// Asks, and gives the one answer.
    mutating func ask(_ iq: BinaryNode, on id: ConnectionID) throws -> BinaryNode {
        _ = take(id)
        receive(iq, on: id)
        return try #require(take(id).first)
    }

    mutating func iq(_ type: String, _ namespace: String, _ children: [BinaryNode] = []) -> BinaryNode {
        counter += 1
        return BinaryNode(
            "iq",
            ["id": .text("test-\(counter)"), "to": .jid(.server), "type": .text(type), "xmlns": .text(namespace)],
            children: children
        )
    }

    // MARK: Linking

    func references(_ nodes: [BinaryNode]) -> [String] {
        nodes.compactMap { $0.child("pair-device") }.flatMap { $0.children("ref") }.compactMap(\.text)
    }

    mutating func scan(_ qr: String, number: String = number) throws -> OperationID {
        try perform { state in
            let operation = state.newOperation()
            try state.scan(qr, by: number, operation: operation)
            return operation
        }
    }

    /// Links a companion by QR to the end; the device number.
    mutating func link(_ companion: TestCompanion, number: String = number) throws -> UInt16 {
        let id = try register(companion)
        let reference = try #require(references(take(id)).first)
        let operation = try scan(companion.qr(reference), number: number)
        let success = try #require(take(id).first)
        guard case .reply(let reply) = try companion.check(success) else {
            Issue.record("The companion refuses the link")
            return 0
        }
        receive(reply, on: id)
        guard case .success(.linked(let device))? = outcomes[operation] else {
            Issue.record("The phone does not learn of the link")
            return 0
        }
        perform { $0.closed(id) }
        return device.device
    }
}

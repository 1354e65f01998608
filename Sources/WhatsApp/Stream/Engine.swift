package import Foundation

/// The state machine of one connection: takes bytes, timers and results, returns what to do.
///
/// No socket, clock or task inside.
///
/// The driver carries out the actions in their order, before it gives the engine anything else.
package protocol Engine: Sendable {
    associatedtype Event: Sendable

    /// Called once, when the socket is open.
    mutating func start(now: Date) -> [EngineAction<Event>]
    mutating func receive(_ bytes: some Collection<UInt8>, now: Date) -> [EngineAction<Event>]
    mutating func fired(_ timer: EngineTimer, now: Date) -> [EngineAction<Event>]
    mutating func computed(_ result: Computation.Outcome, now: Date) -> [EngineAction<Event>]
    /// The socket is gone; nothing is called after it.
    mutating func closed(now: Date) -> [EngineAction<Event>]
}

/// What an engine asks of its driver.
package enum EngineAction<Event: Sendable>: Sendable {
    /// Write this as one WebSocket message.
    case send([UInt8])
    /// Set a timer; a running one of the same name is set anew.
    case schedule(EngineTimer, after: Duration)
    case cancel(EngineTimer)
    /// Too long for an event loop: work it out elsewhere and bring the outcome back.
    case compute(Computation)
    case emit(Event)
    /// Close the socket after what was sent.
    case close
}

/// The names of timers.
package enum EngineTimer: Hashable, Sendable {
    case handshake
    case reference
    case pairingCode
    case pairingRequest
    case pairSuccess
    case passkey
    case restart
    case keepAlive
    case preKeyUpload
    case request(String)
}

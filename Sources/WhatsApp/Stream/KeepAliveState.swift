internal import Foundation

/// Whether a connection still lives: pings after silence, and gives up when nothing comes back.
///
/// Any received frame counts as life. Only a ping must be answered: much of what is sent, such as a presence, is not, and a
/// session that has nothing else to do must stay connected.
struct KeepAliveState: Sendable {
    enum Action: Equatable {
        case sendPing
        case reconnect
        case nothing
    }

    /// Silence for this long makes a ping due; somewhere in between, so that many connections do not beat together.
    static let interval: ClosedRange<Double> = 15...30
    static let deadline: TimeInterval = 20

    private var lastReceived: Date
    private var pingedAt: Date?

    init(now: Date) {
        lastReceived = now
    }

    mutating func received(now: Date) {
        lastReceived = now
        pingedAt = nil
    }

    mutating func pinged(now: Date) {
        pingedAt = now
    }

    /// To be called at random intervals of `interval`, and `deadline` after a ping.
    func tick(now: Date) -> Action {
        if let pingedAt { return now.timeIntervalSince(pingedAt) >= Self.deadline ? .reconnect : .nothing }
        return now.timeIntervalSince(lastReceived) >= Self.interval.lowerBound ? .sendPing : .nothing
    }
}

internal import Foundation

/// Whether a connection still lives: pings after silence, and gives up when nothing comes back.
///
/// Any received frame counts as life; the deadline runs from the first frame sent since the last one received.
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
    private var firstSentSince: Date?

    init(now: Date) {
        lastReceived = now
    }

    mutating func received(now: Date) {
        lastReceived = now
        firstSentSince = nil
    }

    mutating func sent(now: Date) {
        if firstSentSince == nil { firstSentSince = now }
    }

    /// To be called at random intervals of `interval`, and `deadline` after a ping.
    func tick(now: Date) -> Action {
        if let firstSentSince { return now.timeIntervalSince(firstSentSince) >= Self.deadline ? .reconnect : .nothing }
        return now.timeIntervalSince(lastReceived) >= Self.interval.lowerBound ? .sendPing : .nothing
    }
}

package import Foundation

/// What a session knows of the hosts for media, until it is out of date.
package struct MediaHosts: Sendable {
    /// Asked for again this much before its time.
    private static let margin: TimeInterval = 30

    private var connection: MediaConnection?
    private var expiry = Date.distantPast

    package init() {}

    /// Nil when a new one is needed.
    package func current(at now: Date) -> MediaConnection? {
        now < expiry ? connection : nil
    }

    package mutating func set(_ connection: MediaConnection, at now: Date) {
        self.connection = connection
        let seconds = TimeInterval(connection.lifetime.components.seconds)
        expiry = now.addingTimeInterval(max(0, seconds - Self.margin))
    }

    /// Forgets a connection whose authorization was refused; a newer one stays.
    package mutating func drop(_ refused: MediaConnection) {
        if connection?.authorization == refused.authorization { connection = nil }
    }
}

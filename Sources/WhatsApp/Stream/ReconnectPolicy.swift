package import Foundation

/// How long to wait before the next try: Fibonacci seconds with jitter, as WhatsApp Web does.
package struct ReconnectPolicy: Sendable {
    package static let limit: Double = 900
    /// A connection that lasted this long makes the next failure the first one again.
    package static let stableAfter: TimeInterval = 30

    private var current = 1.0
    private var following = 1.0

    package init() {}

    /// The delay after another failure, within a tenth of its nominal value, at most 15 minutes and that tenth.
    ///
    /// `penalty` is how many failures this one counts as.
    package mutating func nextDelay(penalty: Int = 1, using random: inout some RandomNumberGenerator) -> Duration {
        for _ in 1..<max(penalty, 1) { advance() }
        let nominal = current
        advance()
        return .milliseconds(Int64(nominal * 1000 * Double.random(in: 0.9...1.1, using: &random)))
    }

    package mutating func reset() {
        current = 1
        following = 1
    }

    private mutating func advance() {
        (current, following) = (following, min(current + following, Self.limit))
        current = min(current, Self.limit)
    }
}

package import NIOCore

/// How long and how much one connection may ask of us.
package struct ConnectionLimits: Sendable {
    /// From accepting a connection to its first whole request head.
    package var firstHead: TimeAmount = .seconds(15)
    /// Between requests, and for a later request's head.
    package var idle: TimeAmount = .seconds(60)
    /// From a request's head to the end of its body.
    package var body: TimeAmount = .seconds(30)
    /// From a response's head to its last byte being taken by the network.
    package var response: TimeAmount = .seconds(60)
    /// From refusing a body to hanging up on whoever still sends it.
    package var linger: TimeAmount = .seconds(5)
    /// Connections open at once in all; more wait in the listen queue.
    package var connections = 4096
    /// Connections that one address (or IPv6 /64) may have open; loopback and trusted proxies are not counted.
    package var connectionsPerAddress = 128

    package init() {}
}

package import NIOCore

/// How much one live connection may ask of us.
package struct WebSocketLimits: Sendable {
    /// The longest message that is read, fragments put together.
    package var messageBytes = 16 * 1024
    /// Messages that wait to be handled; one more closes the connection.
    package var inboxMessages = 64
    /// Bytes written and not yet taken by the network; more closes the connection.
    package var unsentBytes = 1 << 20
    package var subscriptions = 16
    /// Sockets that one address (or IPv6 /64) may have open.
    package var socketsPerAddress = 24
    package var pingInterval: TimeAmount = .seconds(30)
    package var pongTimeout: TimeAmount = .seconds(20)
    package var closeTimeout: TimeAmount = .seconds(5)

    package init() {}
}

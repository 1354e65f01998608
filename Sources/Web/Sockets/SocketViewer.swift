internal import Accounts

/// Whoever opened a socket, asked for anew whenever it matters.
struct SocketViewer: Sendable {
    /// How often open topics are looked at again.
    static let interval = Duration.seconds(30)

    /// Nil once the login is over.
    let current: @Sendable () async throws -> Viewer?
    /// Speaks when the account's rights may have changed.
    let changes: AsyncStream<AccountID>
}

package import Fleet
package import Foundation
package import HTTPClient

/// What commands may use of the server; one for all bots.
///
/// A service that a server may lack is optional here, and its commands say so when it is asked for.
package struct CommandServices: Sendable {
    package var hosting: Hosting
    package var registry: CommandRegistry
    package var http: HTTPClient
    package var time: TimeSource
    /// Whether addresses that people have chosen must be public; tests ask servers of their own.
    package var asksPublicOnly = true
    /// Where the folders of running commands are made.
    package var folder: URL
    /// What broadcasts and planned messages pass.
    package var door: SendDoor
    package var tools = BotTools()
    /// Half a gigabyte: eight files of the greatest length, or a hundred usual videos.
    let files = FileRoom(bytes: 512 << 20)
    package let store: BotStore
    private let start: Duration

    package init(
        hosting: Hosting,
        registry: CommandRegistry,
        http: HTTPClient,
        time: TimeSource = .system,
        folder: URL = FileManager.default.temporaryDirectory
    ) {
        self.hosting = hosting
        self.registry = registry
        self.http = http
        self.time = time
        self.folder = folder
        door = SendDoor(database: hosting.database, time: time)
        store = BotStore(hosting: hosting, time: time)
        start = time.uptime()
    }

    /// For how long the server has been up.
    package func uptime() -> Duration { time.uptime() - start }
}

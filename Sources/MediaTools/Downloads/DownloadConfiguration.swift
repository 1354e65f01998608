/// Where yt-dlp is and what it may fetch.
package struct DownloadConfiguration: Sendable {
    package var program: String
    /// Folders with the program's own files, where they are not below `/usr`.
    package var readable: [String]
    package var byteLimit = 64 << 20
    package var durationLimit: Duration = .seconds(3_600)
    package var timeLimit: Duration = .seconds(180)
    package var rules = OutboundRules()

    package init(program: String, readable: [String] = []) {
        self.program = program
        self.readable = readable
    }

    /// The places where `scripts/setup` and Debian put the program.
    package static let customaryPrograms = ["/usr/local/lib/wharf/yt-dlp/bin/yt-dlp", "/usr/bin/yt-dlp"]
}

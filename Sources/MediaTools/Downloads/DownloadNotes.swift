internal import Foundation

/// What yt-dlp says of a page before anything is fetched.
struct DownloadNotes: Sendable, Equatable {
    var title: String
    var uploader: String?
    var seconds: Double?
    var address: String?
    var isLive: Bool
    /// As far as it is known.
    var bytes: Int?
    /// The line itself, for the second run.
    var json: [UInt8]

    private struct Line: Decodable {
        struct Part: Decodable {
            var filesize: Double?
            var approximate: Double?

            enum CodingKeys: String, CodingKey {
                case filesize
                case approximate = "filesize_approx"
            }
        }

        var title: String?
        var uploader: String?
        var duration: Double?
        var page: String?
        var isLive: Bool?
        var filesize: Double?
        var approximate: Double?
        var parts: [Part]?

        enum CodingKeys: String, CodingKey {
            case title
            case uploader
            case duration
            case page = "webpage_url"
            case isLive = "is_live"
            case filesize
            case approximate = "filesize_approx"
            case parts = "requested_formats"
        }
    }

    /// Reads the first line of what `--dump-json` writes; nil where there is none.
    init?(_ output: [UInt8]) {
        let first = output.prefix { $0 != UInt8(ascii: "\n") }
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(first)) else { return nil }
        title = String((line.title ?? "Untitled").prefix(200))
        uploader = line.uploader.map { String($0.prefix(100)) }
        seconds = line.duration
        address = line.page
        isLive = line.isLive ?? false
        let parts = line.parts?.compactMap { $0.filesize ?? $0.approximate }
        let size = line.filesize ?? line.approximate ?? parts.flatMap { $0.isEmpty ? nil : $0.reduce(0, +) }
        bytes = size.flatMap { Int(exactly: $0.rounded()) }
        json = Array(first)
    }
}

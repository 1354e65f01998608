internal import Foundation

/// What is wanted from where.
package struct DownloadRequest: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// An MP3.
        case audio
        /// An MP4.
        case video
    }

    package enum Source: Sendable, Equatable {
        /// Absolute, `http` or `https`.
        case address(String)
        /// The first thing that YouTube finds.
        case search(String)
    }

    package var source: Source
    package var kind: Kind

    package init(_ source: Source, as kind: Kind) {
        self.source = source
        self.kind = kind
    }

    /// What yt-dlp is told; nil where it is no such address.
    var target: String? {
        switch source {
        case .search(let words):
            let words = words.filter { !$0.isNewline }.prefix(200)
            return words.isEmpty ? nil : "ytsearch1:\(words)"
        case .address(let text):
            guard
                text.utf8.count <= 2_048, let url = URLComponents(string: text),
                ["http", "https"].contains(url.scheme?.lowercased()), let host = url.host, !host.isEmpty,
                url.user == nil, url.password == nil
            else { return nil }
            return text
        }
    }
}

/// A file that was fetched, and what its page says of it.
package struct Download: Sendable {
    package var bytes: [UInt8]
    package var kind: DownloadRequest.Kind
    package var title: String
    package var uploader: String?
    package var seconds: Double?
    /// The page.
    package var address: String?

    package var mimeType: String { kind == .audio ? "audio/mpeg" : "video/mp4" }
    package var fileExtension: String { kind == .audio ? "mp3" : "mp4" }
}

/// Why there is no file.
package enum DownloadError: Error, Equatable {
    /// Not an address of the web.
    case invalidAddress
    /// It is, or leads to, an address that is not public.
    case privateAddress
    /// Nothing there that can be fetched.
    case nothingFound
    /// It cannot be fetched without an account, or not from here.
    case unavailable
    /// It is still going on.
    case live
    case tooLong(limit: Duration)
    case tooLarge(limit: Int)
    case timedOut
    /// Too many downloads wait already.
    case busy
    case cancelled
    /// The program or what it needs is missing.
    case notInstalled(String)
    case failed(ToolError)
}

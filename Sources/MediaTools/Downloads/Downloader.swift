internal import Foundation

/// Fetches media from pages by yt-dlp, in a sandbox whose only way out is our proxy.
///
/// Two runs: the first reads the page and its formats, so that what is too long or too large is refused before a byte
/// of it is fetched; the second fetches, within the same bounds, because what pages say need not be true.
package struct Downloader: Sendable {
    private let runner: ToolRunner
    private let configuration: DownloadConfiguration

    private static let headroom = 4 << 20
    private static let connectionLimit = 2_000

    /// The runner is best one of its own: downloads wait for the network and would hold up everything else.
    package init(runner: ToolRunner, configuration: DownloadConfiguration) {
        self.runner = runner
        self.configuration = configuration
    }

    /// `begun` is told when its turn has come.
    package func fetch(
        _ request: DownloadRequest,
        for key: String,
        begun: @escaping @Sendable () async -> Void = {}
    ) async throws(DownloadError) -> Download {
        guard let target = request.target else { throw .invalidAddress }
        let notes = try await notes(of: target, request.kind, key, begun)
        guard !notes.isLive else { throw .live }
        if let seconds = notes.seconds, seconds > Double(configuration.durationLimit.components.seconds) {
            throw .tooLong(limit: configuration.durationLimit)
        }
        if let bytes = notes.bytes, bytes > configuration.byteLimit { throw .tooLarge(limit: configuration.byteLimit) }
        let bytes = try await content(of: notes, request.kind, key)
        return Download(
            bytes: bytes,
            kind: request.kind,
            title: notes.title,
            uploader: notes.uploader,
            seconds: notes.seconds,
            address: notes.address
        )
    }

    private func notes(
        of target: String,
        _ kind: DownloadRequest.Kind,
        _ key: String,
        _ begun: @escaping @Sendable () async -> Void
    ) async throws(DownloadError) -> DownloadNotes {
        var order = order(["--format", format(kind), "--dump-json", "--", target])
        order.limits = ToolLimits(wallTime: .seconds(60), outputBytes: 8 << 20, processes: 96)
        let output = try await run(order, bytes: 32 << 20, key, begun)
        guard let notes = DownloadNotes(output) else { throw .nothingFound }
        return notes
    }

    private func content(
        of notes: DownloadNotes,
        _ kind: DownloadRequest.Kind,
        _ key: String
    ) async throws(DownloadError) -> [UInt8] {
        let limit = configuration.byteLimit
        let conversion =
            kind == .audio
            ? ["--extract-audio", "--audio-format", "mp3", "--audio-quality", "128K"]
            : ["--merge-output-format", "mp4", "--remux-video", "mp4"]
        var order = order(
            ["--format", format(kind), "--max-filesize", "\(limit)", "--output", ToolOrder.place(of: "result.%(ext)s")]
                + conversion + ["--load-info-json", ToolOrder.path(of: "notes")]
        )
        order.inputs = [ToolOrder.Input("notes", notes.json)]
        order.output = .file(kind == .audio ? "result.mp3" : "result.mp4")
        order.limits = ToolLimits(wallTime: configuration.timeLimit, outputBytes: limit, processes: 96)
        // Parts and the file that is put together of them lie there at once.
        order.limits.scratchBytes = limit * 2 + Self.headroom
        let bytes = try await run(order, bytes: limit + limit / 8 + Self.headroom, key)
        guard !bytes.isEmpty else { throw .nothingFound }
        return bytes
    }

    private func order(_ arguments: [String]) -> ToolOrder {
        var order = ToolOrder(
            configuration.program,
            [
                "--ignore-config", "--no-cache-dir", "--no-warnings", "--no-progress", "--no-playlist",
                "--playlist-items", "1", "--no-part", "--no-mtime", "--socket-timeout", "15", "--retries", "2",
                "--fragment-retries", "2", "--extractor-retries", "1", "--proxy", ToolOrder.proxyURL, "--downloader",
                "native", "--no-continue",
            ] + arguments
        )
        order.readable = configuration.readable
        return order
    }

    private func format(_ kind: DownloadRequest.Kind) -> String {
        let limit = configuration.byteLimit
        return switch kind {
        case .audio: "bestaudio[filesize<?\(limit)]/best[filesize<?\(limit)]/bestaudio/best"
        case .video:
            "best[ext=mp4][height<=?720][filesize<?\(limit)]/"
                + "bestvideo[height<=?720][filesize<?\(limit)]+bestaudio/best[height<=?720]/best"
        }
    }

    private func run(
        _ order: ToolOrder,
        bytes: Int,
        _ key: String,
        _ begun: @escaping @Sendable () async -> Void = {}
    ) async throws(DownloadError) -> [UInt8] {
        let budget = ProxyBudget(bytes: bytes, connections: Self.connectionLimit)
        let runner = runner
        do throws(ToolError) {
            return try await OutboundProxy.run(rules: configuration.rules, budget: budget) { socket throws(ToolError) in
                var order = order
                order.network = .proxy(socket: socket)
                return try await runner.run(order, for: key, begun: begun)
            }
        } catch {
            throw reason(of: error, budget.report)
        }
    }

    private func reason(of error: ToolError, _ report: ProxyBudget.Report) -> DownloadError {
        let limit = configuration.byteLimit
        switch error {
        case .busy: return .busy
        case .cancelled: return .cancelled
        case .timedOut: return .timedOut
        case .programMissing(let name): return .notInstalled(name)
        case .outputTooLarge: return .tooLarge(limit: limit)
        case .failed(_, let complaint):
            if report.wasRefused { return .privateAddress }
            if report.isExceeded { return .tooLarge(limit: limit) }
            return Self.reason(complaint, limit) ?? .failed(error)
        default: return .failed(error)
        }
    }

    /// What yt-dlp's own words mean.
    static func reason(_ complaint: String, _ limit: Int) -> DownloadError? {
        let text = complaint.lowercased()
        func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        if says("larger than max-filesize", "no space left on device") { return .tooLarge(limit: limit) }
        if says("sign in", "log in", "login required", "private video", "not available", "unavailable", "cookies") {
            return .unavailable
        }
        if says("unsupported url", "no video", "http error 404", "not found", "no such file", "can't open") {
            return .nothingFound
        }
        if says("timed out", "timeout") { return .timedOut }
        return nil
    }
}

import Foundation
import MediaTools
import WhatsApp

extension CommandContext {
    /// Fetches and answers with it; the words below it are what its page says.
    func replyDownload(_ request: DownloadRequest) async throws {
        guard let downloader = services.tools.downloader else {
            throw CommandRefusal(
                Phrase(
                    en: "This server has no program for downloads.",
                    id: "Server ini tidak punya program untuk mengunduh."
                )
            )
        }
        try await working(since: .waiting) {
            // What is named as a picture would come as a film of one frame.
            if case .address(let address) = request.source, request.kind == .video, PagePhotos.isNamedPicture(address),
                try await replyPictures(of: address)
            {
                return
            }
            let download: Download
            do throws(DownloadError) {
                download = try await downloader.fetch(request, for: toolKey) { await progress(.working) }
            } catch {
                // Posts may be pictures alone.
                guard error == .nothingFound || error == .unavailable, request.kind == .video,
                    case .address(let address) = request.source, try await replyPictures(of: address)
                else { throw error }
                return
            }
            var lines = ["*\(download.title)*"]
            if let uploader = download.uploader { lines.append(uploader) }
            if let seconds = download.seconds { lines.append(DurationText.write(DurationText.span(seconds), language)) }
            switch download.kind {
            case .video: try await replyFilm(download.bytes, caption: lines.joined(separator: "\n"))
            case .audio:
                try await replyAudio(
                    .bytes(download.bytes),
                    isVoiceNote: false,
                    mimeType: download.mimeType,
                    seconds: download.seconds.flatMap { UInt32(exactly: $0.rounded()) }
                )
            }
        }
    }

    /// The address in the argument, if it is of one of these sites.
    func address(_ argument: String, of sites: [String]) throws -> String {
        guard let url = arguments.url(argument), let host = url.host?.lowercased() else {
            throw refusal(Phrase(en: "Write an address after the command.", id: "Tulis alamat setelah perintahnya."))
        }
        let isTheirs = sites.contains { host == $0 || host.hasSuffix("." + $0) }
        guard isTheirs else {
            throw refusal(Phrase(en: "This is no address of \(sites[0]).", id: "Ini bukan alamat \(sites[0])."))
        }
        return url.absoluteString
    }

    /// An address as it is, or words to look for.
    func addressOrSearch(_ argument: String) throws -> DownloadRequest.Source {
        let text = try textOrQuoted(argument)
        if let url = CommandArguments.webAddress(text) { return .address(url.absoluteString) }
        return .search(text)
    }
}

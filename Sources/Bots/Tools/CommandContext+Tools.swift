import Assistant
import Foundation
import MediaTools
import NIOPosix
import WhatsApp
import WhatsAppCrypto

extension CommandContext {
    /// Files that tools take; what is longer is refused before it is fetched.
    static let fileLimit: UInt64 = 64 << 20

    /// Whose turn a job takes.
    var toolKey: String { "\(bot.id)" }

    func mediaTools() throws -> MediaTools {
        guard let tools = services.tools.media else {
            throw CommandRefusal(
                Phrase(en: "This server has no tools for media.", id: "Server ini tidak punya alat untuk media.")
            )
        }
        return tools
    }

    func assistant() throws -> any AssistantProvider {
        guard let assistant = services.tools.assistant else {
            throw CommandRefusal(
                Phrase(en: "No AI provider is set up on this server.", id: "Penyedia AI belum disiapkan di server ini.")
            )
        }
        return assistant
    }

    /// The content of the file that came with the message or with the one that it answers.
    func fileContent(_ kinds: Set<MediaKind>, limit: UInt64 = fileLimit) async throws -> [UInt8] {
        try await Self.read(try await attachedOrQuoted(kinds, limit: limit).file)
    }

    /// Reads a file without holding up others.
    static func read(_ file: URL) async throws -> [UInt8] {
        try await NIOThreadPool.singleton.runIfActive { Array(try Data(contentsOf: file)) }
    }

    /// Does something that takes a while: shown by a reaction, its errors told in words.
    @discardableResult
    func working<Value: Sendable>(
        since first: CommandProgress = .working,
        _ work: () async throws -> Value
    ) async throws -> Value {
        await progress(first)
        do {
            let value = try await work()
            await progress(.done)
            return value
        } catch {
            await progress(.failed)
            switch error {
            case let error as ToolError: throw ToolWords.refusal(error)
            case let error as DownloadError: throw ToolWords.refusal(error)
            case let error as AssistantError: throw ToolWords.refusal(error)
            case let error as LookupError: throw ToolWords.refusal(error)
            default: throw error
            }
        }
    }

    /// Answers with a picture and tells its size.
    func replyPicture(_ bytes: [UInt8], caption: String? = nil) async throws {
        let format = ImageFormat(bytes)
        var image = OutgoingImage(media: try await upload(.bytes(bytes), as: .image), caption: caption)
        image.mimeType = format?.mimeType ?? "image/png"
        image.width = format.map { UInt32($0.width) }
        image.height = format.map { UInt32($0.height) }
        try await reply(.image(image))
    }

    /// Answers with an MP4 and tells its size and length.
    func replyFilm(_ bytes: [UInt8], style: OutgoingVideo.Style = .video, caption: String? = nil) async throws {
        let format = MP4Format(bytes)
        let media = try await upload(.bytes(bytes), as: style == .gif ? .gif : .video)
        var video = OutgoingVideo(media: media, style: style, caption: caption)
        video.seconds = format.map { UInt32(clamping: WholeNumber.of($0.seconds)) }
        video.width = format?.width.map { UInt32($0) }
        video.height = format?.height.map { UInt32($0) }
        try await reply(.video(video))
    }

    /// Answers with a voice note and its waveform.
    func replyVoice(_ ogg: [UInt8], _ tools: MediaTools) async throws {
        let samples = try await tools.samples(of: ogg, for: toolKey)
        try await replyAudio(
            .bytes(ogg),
            isVoiceNote: true,
            seconds: OggFormat(ogg).map { UInt32(clamping: WholeNumber.of($0.seconds.rounded(.up))) },
            waveform: Waveform.make(from: samples)
        )
    }
}

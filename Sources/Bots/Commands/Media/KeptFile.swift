import WhatsApp
import WhatsAppCrypto

extension CommandContext {
    /// Sends the file of the answered message to whoever asked, in private.
    func keepQuotedFile() async throws {
        let kinds: Set<MediaKind> = [.image, .video, .gif, .videoNote, .audio, .voiceNote]
        let file = try await attachedOrQuoted(kinds, limit: Self.fileLimit)
        let caption = file.media?.caption
        let media = try await upload(.file(file.file), as: file.kind)
        let content: OutgoingContent
        switch file.kind {
        case .image:
            var image = OutgoingImage(media: media, caption: caption)
            image.mimeType = file.mimeType
            content = .image(image)
        case .audio, .voiceNote:
            let isNote = file.kind == .voiceNote
            var audio = OutgoingAudio(media: media, isVoiceNote: isNote, mimeType: file.mimeType)
            audio.seconds = file.media?.seconds
            audio.waveform = file.media?.waveform
            content = .audio(audio)
        default:
            let style: OutgoingVideo.Style = file.kind == .gif ? .gif : file.kind == .videoNote ? .note : .video
            var video = OutgoingVideo(media: media, style: style, caption: caption)
            video.seconds = file.media?.seconds
            content = .video(video)
        }
        try await send(content, to: sender.jid)
    }
}

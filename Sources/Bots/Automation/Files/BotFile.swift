package import Foundation
import WhatsApp
import WhatsAppCrypto

/// A file that rules and custom commands of a bot send.
package struct BotFile: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable, Codable {
        case image, video, audio, voice, document, sticker

        var hasCaption: Bool { [.image, .video, .document].contains(self) }
    }

    package static let limit = 16 << 20
    package static let countLimit = 50

    package var id = UUID()
    package var kind: Kind
    package var mimeType: String
    package var name: String
    package var bytes: [UInt8]

    package init(kind: Kind, mimeType: String, name: String, bytes: [UInt8]) {
        self.kind = kind
        self.mimeType = mimeType
        self.name = name
        self.bytes = bytes
    }

    /// Uploads it.
    func content(_ session: Session, caption: String?) async throws -> OutgoingContent {
        let media = try await session.upload(.bytes(bytes), kind: mediaKind)
        switch kind {
        case .image:
            var image = OutgoingImage(media: media, caption: caption)
            image.mimeType = mimeType
            return .image(image)
        case .video:
            var video = OutgoingVideo(media: media, caption: caption)
            video.mimeType = mimeType
            return .video(video)
        case .audio: return .audio(OutgoingAudio(media: media, isVoiceNote: false, mimeType: mimeType))
        case .voice: return .audio(OutgoingAudio(media: media, isVoiceNote: true))
        case .document:
            return .document(OutgoingDocument(media: media, mimeType: mimeType, fileName: name, caption: caption))
        case .sticker: return .sticker(OutgoingSticker(media: media))
        }
    }

    private var mediaKind: MediaKind {
        switch kind {
        case .image: .image
        case .video: .video
        case .audio: .audio
        case .voice: .voiceNote
        case .document: .document
        case .sticker: .sticker
        }
    }
}

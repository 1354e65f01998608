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
    /// All files of a bot together.
    package static let totalLimit = 64 << 20

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

    /// What a file of a type is sent as, unless somebody says otherwise.
    package static func kind(of mimeType: String) -> Kind {
        switch mimeType.lowercased() {
        case "image/webp": .sticker
        case "image/jpeg", "image/png": .image
        case let type where type.hasPrefix("video/"): .video
        case "audio/ogg": .voice
        case let type where type.hasPrefix("audio/"): .audio
        default: .document
        }
    }

    /// Says what is wrong with it: what people see as a picture or a sticker must be one.
    func check() throws(AutomationError) {
        guard (1...Self.limit).contains(bytes.count) else { throw .invalid(.content) }
        guard (1...200).contains(name.count), BotText.isOneLine(name) else { throw .invalid(.fileName) }
        guard (3...100).contains(mimeType.utf8.count), mimeType.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            mimeType.contains("/")
        else { throw .invalid(.kind) }
        let isOfKind =
            switch kind {
            case .image: [.jpeg, .png].contains(ImageFormat(bytes)?.kind)
            case .sticker: ImageFormat(bytes)?.kind == .webp
            case .video: mimeType.hasPrefix("video/")
            case .audio: mimeType.hasPrefix("audio/")
            case .voice: OggFormat(bytes) != nil
            case .document: true
            }
        guard isOfKind else { throw .invalid(.kind) }
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

/// A file as it is listed, without its bytes.
package struct ListedFile: Sendable, Equatable {
    package let id: UUID
    package let kind: BotFile.Kind
    package let mimeType: String
    package let name: String
    package let bytes: Int
    package let createdAt: Date
}

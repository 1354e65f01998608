/// What a media file is, which decides how its keys are derived and where it is uploaded.
package enum MediaKind: String, Sendable, Hashable, CaseIterable {
    case image
    case sticker
    case video
    /// A round video message.
    case videoNote
    /// A video without sound that repeats.
    case gif
    case audio
    case voiceNote
    case document
    case history
    case appState
    case stickerPack
    case stickerPackThumbnail
    case linkThumbnail
    case documentThumbnail
    case imageThumbnail
    case videoThumbnail
    /// What new members of a group are given to read.
    case groupHistory
    case paymentBackground

    /// The text that the keys are derived with.
    package var keyInfo: String {
        switch self {
        case .image, .sticker: "WhatsApp Image Keys"
        case .video, .videoNote, .gif: "WhatsApp Video Keys"
        case .audio, .voiceNote: "WhatsApp Audio Keys"
        case .document: "WhatsApp Document Keys"
        case .history: "WhatsApp History Keys"
        case .appState: "WhatsApp App State Keys"
        case .stickerPack: "WhatsApp Sticker Pack Keys"
        case .stickerPackThumbnail: "WhatsApp Sticker Pack Thumbnail Keys"
        case .linkThumbnail: "WhatsApp Link Thumbnail Keys"
        case .documentThumbnail: "WhatsApp Document Thumbnail Keys"
        case .imageThumbnail: "WhatsApp Image Thumbnail Keys"
        case .videoThumbnail: "WhatsApp Video Thumbnail Keys"
        case .groupHistory: "Group History"
        case .paymentBackground: "WhatsApp Payment Background Keys"
        }
    }

    /// The service's name of the kind: the last part of `/mms/TYPE`, and `mms-type` of a download.
    package var serviceType: String {
        switch self {
        case .image, .sticker, .paymentBackground: "image"
        case .video, .videoNote, .gif: "video"
        case .audio, .voiceNote: "audio"
        case .document: "document"
        case .history: "md-msg-hist"
        case .appState: "md-app-state"
        case .stickerPack: "sticker-pack"
        case .stickerPackThumbnail: "thumbnail-sticker-pack"
        case .linkThumbnail: "thumbnail-link"
        case .documentThumbnail: "thumbnail-document"
        case .imageThumbnail: "thumbnail-image"
        case .videoThumbnail: "thumbnail-video"
        case .groupHistory: "group-history"
        }
    }

    /// The last part of `/newsletter/newsletter-TYPE`; nil where channels have no such media.
    package var newsletterType: String? {
        switch self {
        case .image, .imageThumbnail: "image"
        case .sticker: "sticker"
        case .video, .videoThumbnail: "video"
        case .videoNote: "ptv"
        case .gif: "gif"
        case .audio: "audio"
        case .voiceNote: "ptt"
        case .document, .documentThumbnail: "document"
        case .stickerPack: "sticker-pack"
        case .linkThumbnail: "thumbnail-link"
        case .history, .appState, .stickerPackThumbnail, .groupHistory, .paymentBackground: nil
        }
    }

    /// Whether players start before the file is whole, and want a sidecar to check it piece by piece.
    package var isStreamed: Bool {
        switch self {
        case .video, .videoNote, .gif, .audio, .voiceNote: true
        default: false
        }
    }
}

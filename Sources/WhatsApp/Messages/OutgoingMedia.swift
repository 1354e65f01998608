/// An image.
package struct OutgoingImage: Sendable, Equatable {
    package var media: UploadedMedia
    package var mimeType = "image/jpeg"
    package var caption: String?
    package var width: UInt32?
    package var height: UInt32?

    package init(media: UploadedMedia, caption: String? = nil) {
        self.media = media
        self.caption = caption
    }
}

/// A video, also as a silent loop or as a round note.
package struct OutgoingVideo: Sendable, Equatable {
    package enum Style: Sendable { case video, gif, note }

    package var media: UploadedMedia
    package var style: Style
    package var mimeType = "video/mp4"
    package var caption: String?
    package var seconds: UInt32?
    package var width: UInt32?
    package var height: UInt32?

    package init(media: UploadedMedia, style: Style = .video, caption: String? = nil) {
        self.media = media
        self.style = style
        self.caption = caption
    }
}

/// An audio file, or a voice note.
package struct OutgoingAudio: Sendable, Equatable {
    package var media: UploadedMedia
    package var isVoiceNote: Bool
    package var mimeType: String
    package var seconds: UInt32?
    /// 64 values from 0 to 100.
    package var waveform: [UInt8]?

    package init(media: UploadedMedia, isVoiceNote: Bool, mimeType: String? = nil) {
        self.media = media
        self.isVoiceNote = isVoiceNote
        self.mimeType = mimeType ?? (isVoiceNote ? "audio/ogg; codecs=opus" : "audio/mp4")
    }
}

/// A file of any type.
package struct OutgoingDocument: Sendable, Equatable {
    package var media: UploadedMedia
    package var mimeType: String
    package var fileName: String
    package var title: String?
    package var caption: String?
    package var pageCount: UInt32?

    package init(media: UploadedMedia, mimeType: String, fileName: String, caption: String? = nil) {
        self.media = media
        self.mimeType = mimeType
        self.fileName = fileName
        self.caption = caption
    }
}

/// A sticker, a WebP of 512 by 512 pixels.
package struct OutgoingSticker: Sendable, Equatable {
    package var media: UploadedMedia
    package var isAnimated: Bool
    package var width: UInt32 = 512
    package var height: UInt32 = 512

    package init(media: UploadedMedia, isAnimated: Bool = false) {
        self.media = media
        self.isAnimated = isAnimated
    }
}

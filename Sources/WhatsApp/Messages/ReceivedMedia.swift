internal import Foundation
internal import WhatsAppProtobufs

/// A file that a message refers to, with what the message says of it; nothing of it is checked.
package struct ReceivedMedia: Sendable, Equatable {
    package var file: UploadedMedia
    package var mimeType: String
    package var caption: String?
    package var fileName: String?
    package var seconds: UInt32?
    package var width: UInt32?
    package var height: UInt32?
    package var pageCount: UInt32?
    package var waveform: [UInt8]?
    package var isAnimated = false

    init?(_ message: WAMessage, _ field: ContentField?) {
        switch field {
        case .image: self.init(message.imageMessage)
        case .video: self.init(message.videoMessage)
        case .videoNote: self.init(message.ptvMessage)
        case .audio: self.init(message.audioMessage)
        case .document: self.init(message.documentMessage)
        case .sticker: self.init(message.stickerMessage)
        default: return nil
        }
    }

    private init(file: UploadedMedia, mimeType: String) {
        self.file = file
        self.mimeType = MessageContent.bounded(mimeType, limit: 255)
    }

    private init(_ image: WAImageMessage) {
        let file = UploadedMedia(
            url: image.hasStaticURL && !image.hasURL ? image.staticURL : image.url,
            directPath: image.directPath,
            mediaKey: Array(image.mediaKey),
            fileSHA256: Array(image.fileSha256),
            fileEncSHA256: Array(image.fileEncSha256),
            fileLength: image.fileLength,
            uploadedAt: Date(timeIntervalSince1970: Double(image.mediaKeyTimestamp)),
            thumbnail: image.hasJpegThumbnail ? Array(image.jpegThumbnail) : nil
        )
        self.init(file: file, mimeType: image.mimetype)
        caption = image.hasCaption ? MessageContent.bounded(image.caption) : nil
        width = image.hasWidth ? image.width : nil
        height = image.hasHeight ? image.height : nil
    }

    private init(_ video: WAVideoMessage) {
        let file = UploadedMedia(
            url: video.url,
            directPath: video.directPath,
            mediaKey: Array(video.mediaKey),
            fileSHA256: Array(video.fileSha256),
            fileEncSHA256: Array(video.fileEncSha256),
            fileLength: video.fileLength,
            uploadedAt: Date(timeIntervalSince1970: Double(video.mediaKeyTimestamp)),
            streamingSidecar: video.hasStreamingSidecar ? Array(video.streamingSidecar) : nil,
            thumbnail: video.hasJpegThumbnail ? Array(video.jpegThumbnail) : nil
        )
        self.init(file: file, mimeType: video.mimetype)
        caption = video.hasCaption ? MessageContent.bounded(video.caption) : nil
        seconds = video.hasSeconds ? video.seconds : nil
        width = video.hasWidth ? video.width : nil
        height = video.hasHeight ? video.height : nil
    }

    private init(_ audio: WAAudioMessage) {
        let file = UploadedMedia(
            url: audio.url,
            directPath: audio.directPath,
            mediaKey: Array(audio.mediaKey),
            fileSHA256: Array(audio.fileSha256),
            fileEncSHA256: Array(audio.fileEncSha256),
            fileLength: audio.fileLength,
            uploadedAt: Date(timeIntervalSince1970: Double(audio.mediaKeyTimestamp)),
            streamingSidecar: audio.hasStreamingSidecar ? Array(audio.streamingSidecar) : nil
        )
        self.init(file: file, mimeType: audio.mimetype)
        seconds = audio.hasSeconds ? audio.seconds : nil
        waveform = audio.hasWaveform ? Array(audio.waveform.prefix(256)) : nil
    }

    private init(_ document: WADocumentMessage) {
        let file = UploadedMedia(
            url: document.url,
            directPath: document.directPath,
            mediaKey: Array(document.mediaKey),
            fileSHA256: Array(document.fileSha256),
            fileEncSHA256: Array(document.fileEncSha256),
            fileLength: document.fileLength,
            uploadedAt: Date(timeIntervalSince1970: Double(document.mediaKeyTimestamp)),
            thumbnail: document.hasJpegThumbnail ? Array(document.jpegThumbnail) : nil
        )
        self.init(file: file, mimeType: document.mimetype)
        caption = document.hasCaption ? MessageContent.bounded(document.caption) : nil
        fileName = MessageContent.bounded(
            document.fileName.isEmpty ? document.title : document.fileName,
            limit: 1_024
        )
        pageCount = document.hasPageCount ? document.pageCount : nil
    }

    private init(_ sticker: WAStickerMessage) {
        let file = UploadedMedia(
            url: sticker.url,
            directPath: sticker.directPath,
            mediaKey: Array(sticker.mediaKey),
            fileSHA256: Array(sticker.fileSha256),
            fileEncSHA256: Array(sticker.fileEncSha256),
            fileLength: sticker.fileLength,
            uploadedAt: Date(timeIntervalSince1970: Double(sticker.mediaKeyTimestamp)),
            thumbnail: sticker.hasPngThumbnail ? Array(sticker.pngThumbnail) : nil
        )
        self.init(file: file, mimeType: sticker.mimetype)
        width = sticker.hasWidth ? sticker.width : nil
        height = sticker.hasHeight ? sticker.height : nil
        isAnimated = sticker.isAnimated
    }
}

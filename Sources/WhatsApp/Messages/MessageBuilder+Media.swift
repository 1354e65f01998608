internal import Foundation
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension MessageBuilder {
    static func message(_ image: OutgoingImage) throws(RequestError) -> WAMessage {
        try check(image.media)
        try checkType(image.mimeType, "image/")
        var content = WAImageMessage()
        content.url = image.media.url
        content.directPath = image.media.directPath
        content.fileSha256 = Data(image.media.fileSHA256)
        content.fileLength = image.media.fileLength
        if image.media.isEncrypted {
            content.mediaKey = Data(image.media.mediaKey)
            content.fileEncSha256 = Data(image.media.fileEncSHA256)
            content.mediaKeyTimestamp = image.media.uploadedAt.unixSeconds
        }
        content.mimetype = image.mimeType
        if let caption = try checked(image.caption) { content.caption = caption }
        if let width = image.width { content.width = width }
        if let height = image.height { content.height = height }
        if let thumbnail = image.media.thumbnail { content.jpegThumbnail = Data(thumbnail) }
        var message = WAMessage()
        message.imageMessage = content
        return message
    }

    static func message(_ video: OutgoingVideo) throws(RequestError) -> WAMessage {
        try check(video.media)
        try checkType(video.mimeType, "video/")
        var content = WAVideoMessage()
        content.url = video.media.url
        content.directPath = video.media.directPath
        content.fileSha256 = Data(video.media.fileSHA256)
        content.fileLength = video.media.fileLength
        if video.media.isEncrypted {
            content.mediaKey = Data(video.media.mediaKey)
            content.fileEncSha256 = Data(video.media.fileEncSHA256)
            content.mediaKeyTimestamp = video.media.uploadedAt.unixSeconds
        }
        content.mimetype = video.mimeType
        if let caption = try checked(video.caption) { content.caption = caption }
        if let seconds = video.seconds { content.seconds = seconds }
        if let width = video.width { content.width = width }
        if let height = video.height { content.height = height }
        if video.style == .gif { content.gifPlayback = true }
        if let thumbnail = video.media.thumbnail { content.jpegThumbnail = Data(thumbnail) }
        if let sidecar = video.media.streamingSidecar { content.streamingSidecar = Data(sidecar) }
        var message = WAMessage()
        if video.style == .note {
            message.ptvMessage = content
        } else {
            message.videoMessage = content
        }
        return message
    }

    static func message(_ audio: OutgoingAudio) throws(RequestError) -> WAMessage {
        try check(audio.media)
        try checkType(audio.mimeType, "audio/")
        var content = WAAudioMessage()
        content.url = audio.media.url
        content.directPath = audio.media.directPath
        content.fileSha256 = Data(audio.media.fileSHA256)
        content.fileLength = audio.media.fileLength
        if audio.media.isEncrypted {
            content.mediaKey = Data(audio.media.mediaKey)
            content.fileEncSha256 = Data(audio.media.fileEncSHA256)
            content.mediaKeyTimestamp = audio.media.uploadedAt.unixSeconds
        }
        content.mimetype = audio.mimeType
        content.ptt = audio.isVoiceNote
        if let seconds = audio.seconds { content.seconds = seconds }
        if let sidecar = audio.media.streamingSidecar { content.streamingSidecar = Data(sidecar) }
        if let waveform = audio.waveform {
            guard waveform.count == 64, waveform.allSatisfy({ $0 <= 100 }) else {
                throw .invalid(field: "waveform", reason: "not 64 values from 0 to 100")
            }
            content.waveform = Data(waveform)
        }
        var message = WAMessage()
        message.audioMessage = content
        return message
    }

    static func message(_ document: OutgoingDocument) throws(RequestError) -> WAMessage {
        try check(document.media)
        try checkType(document.mimeType, "")
        try check(document.fileName, "file_name", limit: 1_024, notEmpty: true)
        var content = WADocumentMessage()
        content.url = document.media.url
        content.directPath = document.media.directPath
        content.fileSha256 = Data(document.media.fileSHA256)
        content.fileLength = document.media.fileLength
        if document.media.isEncrypted {
            content.mediaKey = Data(document.media.mediaKey)
            content.fileEncSha256 = Data(document.media.fileEncSHA256)
            content.mediaKeyTimestamp = document.media.uploadedAt.unixSeconds
        }
        content.mimetype = document.mimeType
        content.fileName = document.fileName
        content.title = document.title ?? document.fileName
        if let caption = try checked(document.caption) { content.caption = caption }
        if let pages = document.pageCount { content.pageCount = pages }
        if let thumbnail = document.media.thumbnail { content.jpegThumbnail = Data(thumbnail) }
        var message = WAMessage()
        message.documentMessage = content
        return message
    }

    func message(_ sticker: OutgoingSticker) throws(RequestError) -> WAMessage {
        try Self.check(sticker.media)
        var content = WAStickerMessage()
        content.url = sticker.media.url
        content.directPath = sticker.media.directPath
        content.fileSha256 = Data(sticker.media.fileSHA256)
        content.fileLength = sticker.media.fileLength
        if sticker.media.isEncrypted {
            content.mediaKey = Data(sticker.media.mediaKey)
            content.fileEncSha256 = Data(sticker.media.fileEncSHA256)
            content.mediaKeyTimestamp = sticker.media.uploadedAt.unixSeconds
        }
        content.mimetype = "image/webp"
        content.isAnimated = sticker.isAnimated
        content.width = sticker.width
        content.height = sticker.height
        content.stickerSentTs = now.unixMilliseconds
        var message = WAMessage()
        message.stickerMessage = content
        return message
    }

    /// Images, videos and audio can be seen once; other contents are refused.
    func markViewOnce(_ message: inout WAMessage) throws(RequestError) {
        switch message.contentField {
        case .image: message.imageMessage.viewOnce = true
        case .video where !message.videoMessage.gifPlayback: message.videoMessage.viewOnce = true
        case .audio: message.audioMessage.viewOnce = true
        default: throw .invalid(field: "view_once", reason: "only images, videos and audio can be seen once")
        }
    }

    /// A caption is shown by no client unless the document is wrapped.
    static func captioned(_ message: WAMessage) -> WAMessage {
        var inner = message
        inner.clearMessageContextInfo()
        var outer = WAMessage()
        outer.documentWithCaptionMessage.message = inner
        if message.hasMessageContextInfo { outer.messageContextInfo = message.messageContextInfo }
        return outer
    }

    func join(_ album: MessageTarget, _ message: inout WAMessage) throws(RequestError) {
        guard message.hasImageMessage || message.hasVideoMessage else {
            throw .invalid(field: "album", reason: "only images and videos belong to albums")
        }
        try check(album)
        message.messageContextInfo.messageAssociation.associationType = .mediaAlbum
        message.messageContextInfo.messageAssociation.parentMessageKey = album.key
    }

    static func album(images: Int, videos: Int) throws(RequestError) -> WAMessage {
        guard
            let imageCount = UInt32(exactly: images), let videoCount = UInt32(exactly: videos),
            imageCount <= 100, videoCount <= 100, imageCount + videoCount >= 2
        else { throw .invalid(field: "album", reason: "not 2 to 200 images and videos") }
        var message = WAMessage()
        message.albumMessage.expectedImageCount = imageCount
        message.albumMessage.expectedVideoCount = videoCount
        return message
    }

    // MARK: Checks

    private static func checked(_ caption: String?) throws(RequestError) -> String? {
        guard let caption, !caption.isEmpty else { return nil }
        try check(caption, "caption")
        return caption
    }

    private static func checkType(_ type: String, _ prefix: String) throws(RequestError) {
        guard type.utf8.count <= 255, type.contains("/"), type.hasPrefix(prefix) else {
            throw .invalid(field: "mime_type", reason: prefix.isEmpty ? "no media type" : "not \(prefix)…")
        }
    }

    private static func check(_ media: UploadedMedia) throws(RequestError) {
        guard !media.directPath.isEmpty, media.fileSHA256.count == 32 else {
            throw .invalid(field: "media", reason: "not uploaded")
        }
        guard !media.isEncrypted || (media.mediaKey.count == 32 && media.fileEncSHA256.count == 32) else {
            throw .invalid(field: "media", reason: "key or hash of the wrong length")
        }
    }
}

extension UploadedMedia {
    /// Channels alone have media without encryption.
    package var isEncrypted: Bool { !mediaKey.isEmpty }
}

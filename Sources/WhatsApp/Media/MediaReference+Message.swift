internal import Foundation
internal import WhatsAppCrypto
package import WhatsAppProtobufs

extension MediaReference {
    /// The file of a message, looked for inside the wrappers too; nil when it has none.
    package init?(message: WAMessage) {
        let outer = message.unwrapped().message
        let content = outer.hasDeviceSentMessage ? outer.deviceSentMessage.message.unwrapped().message : outer
        guard let found = content.media else { return nil }
        self = found
    }
}

/// The fields that every message with a file has.
private protocol FileMessage {
    var url: String { get }
    var directPath: String { get }
    var mediaKey: Data { get }
    var fileSha256: Data { get }
    var fileEncSha256: Data { get }
    var fileLength: UInt64 { get }
    var hasFileLength: Bool { get }
}

extension WAImageMessage: FileMessage {}
extension WAVideoMessage: FileMessage {}
extension WAAudioMessage: FileMessage {}
extension WADocumentMessage: FileMessage {}
extension WAStickerMessage: FileMessage {}

extension FileMessage {
    fileprivate func reference(_ kind: MediaKind) -> MediaReference {
        MediaReference(
            kind: kind,
            mediaKey: MediaReference.bytes(mediaKey),
            directPath: MediaReference.text(directPath),
            url: MediaReference.text(url),
            hash: MediaReference.bytes(fileSha256),
            encryptedHash: MediaReference.bytes(fileEncSha256),
            length: hasFileLength ? fileLength : nil
        )
    }
}

extension WAMessage {
    fileprivate var media: MediaReference? {
        if hasImageMessage { return imageMessage.reference(.image) }
        if hasVideoMessage { return videoMessage.reference(videoMessage.gifPlayback ? .gif : .video) }
        if hasPtvMessage { return ptvMessage.reference(.videoNote) }
        if hasAudioMessage { return audioMessage.reference(audioMessage.ptt ? .voiceNote : .audio) }
        if hasDocumentMessage { return documentMessage.reference(.document) }
        if hasStickerMessage { return stickerMessage.reference(.sticker) }
        if hasStickerPackMessage { return stickerPackMessage.reference }
        return nil
    }
}

extension WAStickerPackMessage {
    fileprivate var reference: MediaReference {
        MediaReference(
            kind: .stickerPack,
            mediaKey: MediaReference.bytes(mediaKey),
            directPath: MediaReference.text(directPath),
            hash: MediaReference.bytes(fileSha256),
            encryptedHash: MediaReference.bytes(fileEncSha256),
            length: hasFileLength ? fileLength : nil
        )
    }
}

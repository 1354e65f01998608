import Foundation
import WhatsAppCrypto
import WhatsAppProtobufs

/// Where an encrypted file of a phone's lies, and what it takes to read it.
struct StoredMedia {
    let url: String
    let path: String
    let key: [UInt8]
    let digest: MediaDigest
    /// Unix seconds.
    let time: Int64
}

extension WAMessage {
    /// Describes a file; nil for kinds that nobody sends as a message.
    init?(_ media: PhoneMedia, stored: StoredMedia) {
        self.init()
        let (hash, encryptedHash) = (Data(stored.digest.hash), Data(stored.digest.encryptedHash))
        switch media.kind {
        case .image:
            imageMessage.url = stored.url
            imageMessage.directPath = stored.path
            imageMessage.mimetype = media.type
            imageMessage.mediaKey = Data(stored.key)
            imageMessage.mediaKeyTimestamp = stored.time
            imageMessage.fileSha256 = hash
            imageMessage.fileEncSha256 = encryptedHash
            imageMessage.fileLength = stored.digest.length
            if let caption = media.caption { imageMessage.caption = caption }
            if media.isViewOnce { imageMessage.viewOnce = true }
        case .video, .gif:
            videoMessage.url = stored.url
            videoMessage.directPath = stored.path
            videoMessage.mimetype = media.type
            videoMessage.mediaKey = Data(stored.key)
            videoMessage.mediaKeyTimestamp = stored.time
            videoMessage.fileSha256 = hash
            videoMessage.fileEncSha256 = encryptedHash
            videoMessage.fileLength = stored.digest.length
            if let sidecar = stored.digest.streamingSidecar { videoMessage.streamingSidecar = Data(sidecar) }
            if let caption = media.caption { videoMessage.caption = caption }
            if media.kind == .gif { videoMessage.gifPlayback = true }
            if media.isViewOnce { videoMessage.viewOnce = true }
        case .audio, .voiceNote:
            audioMessage.url = stored.url
            audioMessage.directPath = stored.path
            audioMessage.mimetype = media.type
            audioMessage.mediaKey = Data(stored.key)
            audioMessage.mediaKeyTimestamp = stored.time
            audioMessage.fileSha256 = hash
            audioMessage.fileEncSha256 = encryptedHash
            audioMessage.fileLength = stored.digest.length
            if media.kind == .voiceNote { audioMessage.ptt = true }
        case .document:
            documentMessage.url = stored.url
            documentMessage.directPath = stored.path
            documentMessage.mimetype = media.type
            documentMessage.mediaKey = Data(stored.key)
            documentMessage.mediaKeyTimestamp = stored.time
            documentMessage.fileSha256 = hash
            documentMessage.fileEncSha256 = encryptedHash
            documentMessage.fileLength = stored.digest.length
            documentMessage.fileName = media.fileName ?? "file"
            if let caption = media.caption { documentMessage.caption = caption }
        case .sticker:
            stickerMessage.url = stored.url
            stickerMessage.directPath = stored.path
            stickerMessage.mimetype = media.type
            stickerMessage.mediaKey = Data(stored.key)
            stickerMessage.mediaKeyTimestamp = stored.time
            stickerMessage.fileSha256 = hash
            stickerMessage.fileEncSha256 = encryptedHash
            stickerMessage.fileLength = stored.digest.length
        default: return nil
        }
        guard media.isViewOnce else { return }
        var wrapper = WAMessage()
        wrapper.viewOnceMessageV2.message = self
        self = wrapper
    }

    /// Notes after how many seconds the message disappears, where its content can say so.
    mutating func expire(after seconds: UInt32) {
        if hasConversation {
            let text = conversation
            clearConversation()
            extendedTextMessage.text = text
        }
        if hasExtendedTextMessage { extendedTextMessage.contextInfo.expiration = seconds }
        if hasImageMessage { imageMessage.contextInfo.expiration = seconds }
        if hasVideoMessage { videoMessage.contextInfo.expiration = seconds }
        if hasAudioMessage { audioMessage.contextInfo.expiration = seconds }
        if hasDocumentMessage { documentMessage.contextInfo.expiration = seconds }
        if hasStickerMessage { stickerMessage.contextInfo.expiration = seconds }
        if hasLocationMessage { locationMessage.contextInfo.expiration = seconds }
        if hasContactMessage { contactMessage.contextInfo.expiration = seconds }
    }

    /// The names of a poll's options.
    var pollOptions: [String] {
        (hasPollCreationMessageV3 ? pollCreationMessageV3 : pollCreationMessage).options.map(\.optionName)
    }

    /// The message that a text answers.
    var quotedID: String? {
        let content = unwrapped
        let contexts = [
            content.extendedTextMessage.contextInfo, content.imageMessage.contextInfo, content.videoMessage.contextInfo,
            content.ptvMessage.contextInfo, content.audioMessage.contextInfo, content.documentMessage.contextInfo,
            content.stickerMessage.contextInfo,
        ]
        return contexts.first { $0.hasStanzaID }?.stanzaID
    }
}

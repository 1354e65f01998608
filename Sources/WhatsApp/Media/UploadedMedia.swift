package import Foundation

/// A file that lies on the media servers, as messages refer to it.
package struct UploadedMedia: Sendable, Equatable {
    package var url: String
    /// Path and query on whichever media host.
    package var directPath: String
    /// 32 bytes; empty for channels, whose media are not encrypted.
    package var mediaKey: [UInt8]
    package var fileSHA256: [UInt8]
    /// Empty for channels.
    package var fileEncSHA256: [UInt8]
    /// Of the plaintext, in bytes.
    package var fileLength: UInt64
    package var uploadedAt: Date
    /// For players that start in the middle; audio and video.
    package var streamingSidecar: [UInt8]?
    /// For animated stickers: the code over what the first frame needs.
    package var firstFrameSidecar: [UInt8]?
    /// A small JPEG that is shown until the file is there.
    package var thumbnail: [UInt8]?
    /// A channel's name of the upload (`media_id` of the stanza).
    package var handle: String?

    package init(
        url: String,
        directPath: String,
        mediaKey: [UInt8],
        fileSHA256: [UInt8],
        fileEncSHA256: [UInt8],
        fileLength: UInt64,
        uploadedAt: Date,
        streamingSidecar: [UInt8]? = nil,
        firstFrameSidecar: [UInt8]? = nil,
        thumbnail: [UInt8]? = nil,
        handle: String? = nil
    ) {
        self.url = url
        self.directPath = directPath
        self.mediaKey = mediaKey
        self.fileSHA256 = fileSHA256
        self.fileEncSHA256 = fileEncSHA256
        self.fileLength = fileLength
        self.uploadedAt = uploadedAt
        self.streamingSidecar = streamingSidecar
        self.firstFrameSidecar = firstFrameSidecar
        self.thumbnail = thumbnail
        self.handle = handle
    }
}

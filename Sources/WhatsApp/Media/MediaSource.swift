package import Foundation

/// What is to be sent.
package enum MediaSource: Sendable {
    case bytes([UInt8])
    case file(URL)
}

/// How a file is uploaded.
package struct UploadOptions: Sendable {
    /// For a channel: as it is, without encryption.
    package var isForNewsletter = false
    /// A key to use in place of a fresh one, as a sticker pack's thumbnail does.
    package var mediaKey: [UInt8]?
    /// For animated stickers: bytes up to the end of the first frame.
    package var firstFrameLength: UInt64?
    /// The longest content that is taken.
    package var limit: UInt64 = 2 << 30
    /// Told how many bytes have been sent; may be called on any thread and must return at once.
    package var progress: (@Sendable (UInt64) -> Void)?

    package init() {}
}

internal import Foundation
package import WhatsAppCrypto
package import WhatsAppProtobufs

/// Where a file is and what it must be, as a message says it.
package struct MediaReference: Sendable, Equatable {
    package var kind: MediaKind
    /// Nil for media that are not encrypted.
    package var mediaKey: [UInt8]?
    package var directPath: String?
    package var url: String?
    package var hash: [UInt8]?
    package var encryptedHash: [UInt8]?
    package var length: UInt64?

    package init(
        kind: MediaKind,
        mediaKey: [UInt8]?,
        directPath: String?,
        url: String? = nil,
        hash: [UInt8]? = nil,
        encryptedHash: [UInt8]? = nil,
        length: UInt64? = nil
    ) {
        self.kind = kind
        self.mediaKey = mediaKey
        self.directPath = directPath
        self.url = url
        self.hash = hash
        self.encryptedHash = encryptedHash
        self.length = length
    }

    /// A piece of history.
    package init(history notification: WAHistorySyncNotification) {
        self.init(
            kind: .history,
            mediaKey: Self.bytes(notification.mediaKey),
            directPath: Self.text(notification.directPath),
            hash: Self.bytes(notification.fileSha256),
            encryptedHash: Self.bytes(notification.fileEncSha256),
            length: notification.hasFileLength ? notification.fileLength : nil
        )
    }

    /// A snapshot or a patch of the app state that is too large for its stanza.
    package init(appState blob: WAExternalBlobReference) {
        self.init(
            kind: .appState,
            mediaKey: Self.bytes(blob.mediaKey),
            directPath: Self.text(blob.directPath),
            hash: Self.bytes(blob.fileSha256),
            encryptedHash: Self.bytes(blob.fileEncSha256),
            length: blob.hasFileSizeBytes ? blob.fileSizeBytes : nil
        )
    }

    /// A field that is there and empty is as good as absent.
    static func bytes(_ field: Data) -> [UInt8]? { field.isEmpty ? nil : Array(field) }
    static func text(_ field: String) -> String? { field.isEmpty ? nil : field }

    /// What decryption checks.
    var expectation: MediaExpectation {
        MediaExpectation(hash: hash, encryptedHash: encryptedHash, length: length)
    }
}

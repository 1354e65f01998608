internal import Foundation
internal import WhatsAppProtobufs

/// Snapshots, mutations and histories that lie outside of what refers to them.
extension Session {
    /// Longer ones are no phone's.
    private static let historyFileLimit: UInt64 = 1 << 30

    func downloadBlob(_ reference: WAExternalBlobReference) async throws(MediaError) -> [UInt8] {
        try await download(MediaReference(appState: reference), limit: Self.appStateBlobLimit)
    }

    /// The packed history as a file.
    func downloadHistory(_ notification: WAHistorySyncNotification, to file: URL) async throws(MediaError) {
        try await download(MediaReference(history: notification), to: file, limit: Self.historyFileLimit)
    }
}

internal import Foundation
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// Snapshots, mutations and histories that lie outside of what refers to them.
extension Session {
    /// Longer ones are no phone's.
    private static let historyFileLimit: UInt64 = 1 << 30

    func downloadBlob(_ reference: WAExternalBlobReference) async throws(MediaError) -> [UInt8] {
        try await download(MediaReference(appState: reference), limit: Self.appStateBlobLimit)
    }

    /// The packed history as a file; where the servers have lost it, the phone is asked by the message that it came with.
    func downloadHistory(
        _ notification: WAHistorySyncNotification,
        messageID: String,
        to file: URL
    ) async throws(MediaError) {
        let origin = credentials.account.map { own in
            MediaOrigin(messageID: messageID, chat: own.jid.withoutDevice, isFromMe: true, isPeer: true)
        }
        try await download(
            MediaReference(history: notification),
            to: file,
            limit: Self.historyFileLimit,
            origin: origin
        )
    }
}

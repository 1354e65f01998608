internal import Foundation
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// Snapshots, mutations and histories that lie outside of what refers to them.
extension Session {
    /// Longer ones are no phone's.
    private static let historyFileLimit: UInt64 = 1 << 30

    func downloadBlob(_ reference: WAExternalBlobReference) async throws(MediaError) -> [UInt8] {
        try await blobTransfers.download(
            MediaReference(appState: reference),
            limit: Self.appStateBlobLimit,
            connect: { [weak self] _ async throws(MediaError) in try await Self.hosts(of: self) }
        )
    }

    /// The packed history as a file.
    func downloadHistory(_ notification: WAHistorySyncNotification, to file: URL) async throws(MediaError) {
        _ = try await blobTransfers.download(
            MediaReference(history: notification),
            to: file,
            limit: Self.historyFileLimit,
            connect: { [weak self] _ async throws(MediaError) in try await Self.hosts(of: self) }
        )
    }

    private var blobTransfers: MediaTransfers {
        MediaTransfers(
            http: http,
            scheme: environment.service.tls == nil ? "http" : "https",
            pool: environment.computePool,
            gates: []
        )
    }

    private static func hosts(of session: Session?) async throws(MediaError) -> MediaConnection {
        guard let session else { throw .cancelled }
        return try await session.blobHosts()
    }

    private func blobHosts() async throws(MediaError) -> MediaConnection {
        let query = Stanzas.request("set", "w:m", children: [MediaConnection.requestChild])
        let answer: BinaryNode
        do {
            answer = try await request(query)
        } catch {
            throw .noHosts(error)
        }
        guard let connection = MediaConnection(answer) else { throw .noHosts(nil) }
        return connection
    }
}

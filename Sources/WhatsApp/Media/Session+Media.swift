package import Foundation
internal import HTTPClient
package import WhatsAppCrypto
internal import WhatsAppWire

extension WhatsAppService {
    /// Media go the same way as the stanzas: secured, but for a sandbox that speaks plain `ws://`.
    package var mediaScheme: String { tls == nil ? "http" : "https" }
}

extension Session {
    /// Transfers of this session that run at once; those of the whole process are limited by the environment.
    static let mediaTransferLimit = 4

    /// Encrypts and uploads, and gives everything that a message says of the file.
    ///
    /// A file of any length takes constant memory. Cancelling the task ends the upload.
    package nonisolated func upload(
        _ source: MediaSource,
        kind: MediaKind,
        options: UploadOptions = UploadOptions()
    ) async throws(MediaError) -> UploadedMedia {
        try await mediaTransfers.upload(source, kind: kind, options: options, now: now, connect: mediaConnect)
    }

    /// Downloads, decrypts and checks a file; at its place there is either the whole and right content or nothing new.
    ///
    /// Where the servers have lost it, the own phone is asked once to upload it again, if the message is told. Gives the
    /// content's length.
    @discardableResult
    package nonisolated func download(
        _ reference: MediaReference,
        to file: URL,
        limit: UInt64 = 2 << 30,
        origin: MediaOrigin? = nil
    ) async throws(MediaError) -> UInt64 {
        let transfers = mediaTransfers
        let connect = mediaConnect
        return try await retrying(reference, origin) { reference throws(MediaError) in
            try await transfers.download(reference, to: file, limit: limit, connect: connect)
        }
    }

    /// Downloads, decrypts and checks a file of at most `limit` bytes into memory; otherwise as to a file.
    package nonisolated func download(
        _ reference: MediaReference,
        limit: Int,
        origin: MediaOrigin? = nil
    ) async throws(MediaError) -> [UInt8] {
        let transfers = mediaTransfers
        let connect = mediaConnect
        return try await retrying(reference, origin) { reference throws(MediaError) in
            try await transfers.download(reference, limit: limit, connect: connect)
        }
    }

    /// Removes a piece of history from the servers once it has been read.
    ///
    /// `handle` and `secret` are the notification's `encHandle` and the history's `companionMetaNonce`.
    package nonisolated func deleteHistory(
        _ reference: MediaReference,
        handle: String? = nil,
        secret: String? = nil
    ) async throws(MediaError) {
        guard let path = reference.directPath, let hash = reference.encryptedHash else {
            throw .invalidReference(field: "direct_path")
        }
        let connection = try await mediaConnection(refusing: nil)
        guard let host = connection.uploadHosts(for: reference.kind.serviceType).first else { throw .noHosts(nil) }
        var address = MediaAddress.upload(
            scheme: environment.service.mediaScheme,
            host: host.name,
            path: "/mms/\(reference.kind.serviceType)",
            token: MediaAddress.base64URL(hash),
            authorization: connection.authorization
        )
        address += "&d_md=" + MediaAddress.base64URL(Array(MediaAddress.withoutQuery(path).utf8))
        var headers = MediaTransfers.headers
        if let handle, let secret {
            address += "&e_handle=" + MediaAddress.escaped(handle)
            headers.append(HTTPHeader("Companion_User_Secret", secret))
        }
        let response = try await mediaTransfers.exchange(HTTPRequest(.delete, address, headers: headers))
        guard (200..<300).contains(response.status) || response.status == 404 else {
            throw .refused(status: response.status)
        }
    }

    // MARK: Parts

    private nonisolated var mediaTransfers: MediaTransfers {
        MediaTransfers(
            http: http,
            scheme: environment.service.mediaScheme,
            folder: environment.mediaFolder,
            pool: environment.computePool,
            gates: [mediaGate, environment.mediaGate]
        )
    }

    private nonisolated var mediaConnect: MediaTransfers.Connect {
        { [weak self] refused throws(MediaError) in
            guard let self else { throw .noHosts(.notConnected) }
            return try await mediaConnection(refusing: refused)
        }
    }

    private nonisolated func retrying<Result: Sendable>(
        _ reference: MediaReference,
        _ origin: MediaOrigin?,
        _ fetch: @Sendable (MediaReference) async throws(MediaError) -> Result
    ) async throws(MediaError) -> Result {
        do throws(MediaError) {
            return try await fetch(reference)
        } catch .gone {
            guard let origin, let key = reference.mediaKey else { throw .gone }
            guard case .uploaded(let path) = await requestMediaRetry(of: key, from: origin) else { throw .gone }
            var renewed = reference
            renewed.directPath = path
            renewed.url = nil
            return try await fetch(renewed)
        }
    }

    /// The hosts for media, asked for when they are not known or out of date; `refused` is known to be of no use.
    package func mediaConnection(refusing refused: MediaConnection?) async throws(MediaError) -> MediaConnection {
        if let refused { mediaHosts.drop(refused) }
        if let current = mediaHosts.current(at: now) { return current }
        let answer: BinaryNode
        do throws(RequestError) {
            answer = try await request(Stanzas.request("set", "w:m", children: [MediaConnection.requestChild]))
        } catch {
            throw .noHosts(error)
        }
        guard let connection = MediaConnection(answer) else { throw .noHosts(.malformed("media_conn")) }
        mediaHosts.set(connection, at: now)
        return connection
    }
}

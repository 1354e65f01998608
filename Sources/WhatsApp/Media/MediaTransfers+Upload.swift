package import Foundation
internal import HTTPClient
internal import NIOPosix
package import WhatsAppCrypto

extension MediaTransfers {
    /// From this length on the service is asked first how much of the file it has already.
    static let resumableLength: UInt64 = 5 << 20

    /// Encrypts, uploads, and gives everything that a message says of the file.
    package func upload(
        _ source: MediaSource,
        kind: MediaKind,
        options: UploadOptions = UploadOptions(),
        now: Date,
        connect: @escaping Connect
    ) async throws(MediaError) -> UploadedMedia {
        let path = try Self.path(for: kind, options)
        return try await admitted { () async throws(MediaError) in
            let folder = folder
            let prepared = try await blocking { isCancelled in
                try PreparedUpload.make(
                    from: source,
                    kind: kind,
                    options: options,
                    folder: folder,
                    isCancelled: isCancelled
                )
            }
            defer { pool.submit { _ in prepared.remove() } }
            let answer = try await send(prepared, path: path, type: kind.serviceType, options, connect)
            return UploadedMedia(
                url: answer.url,
                directPath: answer.directPath,
                mediaKey: prepared.mediaKey ?? [],
                fileSHA256: prepared.digest.hash,
                fileEncSHA256: prepared.digest.encryptedHash,
                fileLength: prepared.digest.length,
                uploadedAt: now,
                streamingSidecar: prepared.digest.streamingSidecar,
                firstFrameSidecar: prepared.digest.firstFrameSidecar,
                handle: answer.handle
            )
        }
    }

    private static func path(for kind: MediaKind, _ options: UploadOptions) throws(MediaError) -> String {
        guard options.isForNewsletter else { return "/mms/\(kind.serviceType)" }
        guard let type = kind.newsletterType else { throw .invalidReference(field: "kind") }
        return "/newsletter/newsletter-\(type)"
    }

    // MARK: Hosts

    /// What one try with one host has come to.
    private enum Outcome {
        case done(UploadAnswer)
        case unauthorized(status: Int)
        case refused(MediaError)
        case failed(MediaError)
    }

    private func send(
        _ prepared: PreparedUpload,
        path: String,
        type: String,
        _ options: UploadOptions,
        _ connect: Connect
    ) async throws(MediaError) -> UploadAnswer {
        var connection = try await connect(nil)
        var isRenewed = false
        var last = MediaError.noHosts(nil)
        var round = 0
        rounds: while round < Self.uploadRounds {
            for host in connection.uploadHosts(for: type) {
                if let limit = host.maximumLength, prepared.sentLength > limit {
                    last = .tooLarge(limit: limit)
                    continue
                }
                let address = MediaAddress.upload(
                    scheme: scheme,
                    host: host.name,
                    path: path,
                    token: MediaAddress.base64URL(prepared.tokenHash),
                    authorization: connection.authorization
                )
                switch await attempt(prepared, at: address, options) {
                case .done(let answer): return answer
                case .refused(let error): throw error
                case .failed(let error): last = error
                case .unauthorized(let status):
                    guard !isRenewed else { throw .refused(status: status) }
                    isRenewed = true
                    connection = try await connect(connection)
                    continue rounds
                }
            }
            if case .tooLarge = last { throw last }
            round += 1
            if round < Self.uploadRounds { try await pause(after: round) }
        }
        throw last
    }

    private func attempt(_ prepared: PreparedUpload, at address: String, _ options: UploadOptions) async -> Outcome {
        do throws(MediaError) {
            guard prepared.sentLength >= Self.resumableLength, prepared.mediaKey != nil else {
                return try await post(prepared, at: address, from: 0, options)
            }
            switch try await askOffset(prepared, at: address) {
            case .complete(let answer): return .done(answer)
            case .offset(0): return try await post(prepared, at: address, from: 0, options)
            case .offset(let offset):
                return try await post(prepared, at: "\(address)&file_offset=\(offset)", from: offset, options)
            }
        } catch .cancelled {
            return .refused(.cancelled)
        } catch {
            return .failed(error)
        }
    }

    private func post(
        _ prepared: PreparedUpload,
        at address: String,
        from offset: UInt64,
        _ options: UploadOptions
    ) async throws(MediaError) -> Outcome {
        var request = HTTPRequest(
            .post,
            address,
            headers: Self.headers + [HTTPHeader("Content-Type", "application/octet-stream")]
        )
        prepared.fill(&request, from: offset, progress: options.progress)
        request.timeout = Self.timeout(for: prepared.sentLength)
        request.stallTimeout = Self.stallTimeout
        request.responseLimit = 65_536
        let response = try await exchange(request)
        switch response.status {
        case 200..<300:
            guard let answer = UploadAnswer(response.body) else { return .failed(.malformedAnswer) }
            return .done(answer)
        case 401, 403: return .unauthorized(status: response.status)
        case 408, 429, 500...: return .failed(.unavailable(status: response.status))
        default: return .refused(.refused(status: response.status))
        }
    }

    private enum Offset {
        case complete(UploadAnswer)
        case offset(UInt64)
    }

    /// What the service has of the file; anything unclear means nothing.
    private func askOffset(_ prepared: PreparedUpload, at address: String) async throws(MediaError) -> Offset {
        var request = HTTPRequest(.post, address + "&resume=1", headers: Self.headers)
        request.responseLimit = 65_536
        let response = try await exchange(request)
        guard response.status == 200, let answer = ResumeAnswer(response.body) else { return .offset(0) }
        if answer.isComplete, let complete = UploadAnswer(response.body) { return .complete(complete) }
        guard let offset = answer.offset, offset < prepared.sentLength else { return .offset(0) }
        return .offset(offset)
    }

    func exchange(_ request: HTTPRequest) async throws(MediaError) -> HTTPResponse {
        do {
            return try await http.send(request)
        } catch {
            throw MediaError(error)
        }
    }
}

/// What the service answers to an upload.
struct UploadAnswer: Sendable, Equatable {
    let url: String
    let directPath: String
    let handle: String?

    private struct Fields: Decodable {
        var url: String?
        var directPath: String?
        var handle: String?

        private enum CodingKeys: String, CodingKey {
            case url, handle
            case directPath = "direct_path"
        }
    }

    init?(_ body: [UInt8]) {
        guard
            let fields = try? JSONDecoder().decode(Fields.self, from: Data(body)),
            let directPath = fields.directPath, MediaAddress.isPath(directPath)
        else { return nil }
        self.directPath = directPath
        url = fields.url ?? ""
        handle = fields.handle
    }
}

/// How much of a file the service has: `{"resume": "complete"}` or `{"resume": "OFFSET"}`, also as a number.
private struct ResumeAnswer {
    let isComplete: Bool
    let offset: UInt64?

    private struct TextField: Decodable {
        var resume: String
    }

    private struct NumberField: Decodable {
        var resume: UInt64
    }

    init?(_ body: [UInt8]) {
        let decoder = JSONDecoder()
        if let text = try? decoder.decode(TextField.self, from: Data(body)) {
            isComplete = text.resume.lowercased() == "complete"
            offset = UInt64(text.resume)
        } else if let number = try? decoder.decode(NumberField.self, from: Data(body)) {
            isComplete = false
            offset = number.resume
        } else {
            return nil
        }
    }
}

package import Foundation
internal import HTTPClient
internal import NIOPosix
internal import WhatsAppCrypto

extension MediaTransfers {
    /// Downloads, decrypts and checks a file; at its place there is either the whole and right content or nothing new.
    ///
    /// Gives the content's length. `gone` where the servers no longer have it.
    package func download(
        _ reference: MediaReference,
        to file: URL,
        limit: UInt64,
        connect: @escaping Connect
    ) async throws(MediaError) -> UInt64 {
        let temporary = file.path + ".part-" + UUID().uuidString
        return try await admitted { () async throws(MediaError) in
            do throws(MediaError) {
                let target = DownloadTarget.file(path: temporary)
                let (_, length) = try await fetch(reference, target: target, limit: limit, connect)
                try await blocking { _ in
                    guard rename(temporary, file.path) == 0 else { throw MediaError.file(errno: errno) }
                }
                return length
            } catch {
                pool.submit { _ in unlink(temporary) }
                throw error
            }
        }
    }

    /// Downloads, decrypts and checks a file of at most `limit` bytes into memory.
    package func download(
        _ reference: MediaReference,
        limit: Int,
        connect: @escaping Connect
    ) async throws(MediaError) -> [UInt8] {
        try await admitted { () async throws(MediaError) in
            let limit = UInt64(max(0, limit))
            let (sink, _) = try await fetch(reference, target: .memory, limit: limit, connect)
            return sink.content()
        }
    }

    private enum Outcome {
        case done(UInt64)
        case gone
        /// Nothing that another host could make better.
        case refused(MediaError)
        /// The bytes are wrong; what was fetched is of no use.
        case corrupt(MediaError)
        /// The rest may come from the same or another host.
        case failed(MediaError)
    }

    private func fetch(
        _ reference: MediaReference,
        target: DownloadTarget,
        limit: UInt64,
        _ connect: Connect
    ) async throws(MediaError) -> (DownloadSink, UInt64) {
        if let length = reference.length, length > limit { throw .tooLarge(limit: limit) }
        let addresses = try await addresses(of: reference, connect)
        var sink = try await makeSink(reference, target, limit)
        var last = MediaError.gone
        for round in 1...Self.downloadRounds {
            for address in addresses {
                switch await attempt(&sink, at: address, reference, target, limit) {
                case .done(let length): return (sink, length)
                case .gone: throw .gone
                case .refused(let error): throw error
                case .failed(let error): last = error
                case .corrupt(let error):
                    last = error
                    sink = try await makeSink(reference, target, limit)
                }
            }
            // Every host has the same wrong bytes.
            if case .corrupt = last { throw last }
            if round < Self.downloadRounds { try await pause(after: round) }
        }
        throw last
    }

    /// A fresh sink; what an earlier one wrote is removed.
    private func makeSink(
        _ reference: MediaReference,
        _ target: DownloadTarget,
        _ limit: UInt64
    ) async throws(MediaError) -> DownloadSink {
        try await blocking { _ in
            if case .file(let path) = target { unlink(path) }
            return try DownloadSink(reference, target: target, limit: limit)
        }
    }

    private func addresses(of reference: MediaReference, _ connect: Connect) async throws(MediaError) -> [String] {
        let type = reference.kind.serviceType
        let hosts: [String]
        do throws(MediaError) {
            hosts = try await connect(nil).downloadHosts(for: type).map(\.name)
        } catch .cancelled {
            throw .cancelled
        } catch {
            // Downloads need no authorization; the standard hosts are those of the real service alone.
            guard scheme == "https" else { throw error }
            hosts = MediaAddress.standardHosts
        }
        if let path = reference.directPath {
            guard MediaAddress.isPath(path) else { throw .invalidReference(field: "direct_path") }
            let hash = reference.mediaKey == nil ? nil : reference.encryptedHash
            return hosts.map {
                MediaAddress.download(scheme: scheme, host: $0, directPath: path, encryptedHash: hash, type: type)
            }
        }
        guard let url = reference.url else { throw .invalidReference(field: "direct_path") }
        guard let (host, path) = MediaAddress.trustedURL(url, scheme: scheme, hosts: hosts) else {
            throw .invalidReference(field: "url")
        }
        return ["\(scheme)://\(host)\(path)"]
    }

    // MARK: One host

    private func attempt(
        _ sink: inout DownloadSink,
        at address: String,
        _ reference: MediaReference,
        _ target: DownloadTarget,
        _ limit: UInt64
    ) async -> Outcome {
        do throws(MediaError) {
            let start = sink.received
            let response = try await get(address, from: start, limit: limit)
            switch response.status {
            case 200:
                if start > 0 { sink = try await makeSink(reference, target, limit) }
            case 206:
                guard start > 0, Self.start(of: response) == start else { return .corrupt(.malformedAnswer) }
            case 403, 404, 410: return .gone
            case 416: return .corrupt(.unavailable(status: 416))
            default: return .failed(.unavailable(status: response.status))
            }
            return .done(try await drain(response.body, into: sink))
        } catch {
            return switch error {
            case .cancelled, .file: .refused(error)
            case .corrupt(.tooLong): .refused(.tooLarge(limit: limit))
            case .corrupt: .corrupt(error)
            case .network(.responseTooLarge): .refused(.tooLarge(limit: limit))
            default: .failed(error)
            }
        }
    }

    private func get(
        _ address: String,
        from start: UInt64,
        limit: UInt64
    ) async throws(MediaError) -> HTTPStreamedResponse {
        var request = HTTPRequest(.get, address, headers: Self.headers)
        if start > 0 { request.headers.append(HTTPHeader("Range", "bytes=\(start)-")) }
        request.timeout = Self.timeout(for: limit)
        request.stallTimeout = Self.stallTimeout
        // The block of padding and the code come on top of the content.
        request.responseLimit = Int(clamping: limit).addingReportingOverflow(26).partialValue
        if limit > UInt64(Int.max - 26) { request.responseLimit = .max }
        do {
            return try await http.stream(request)
        } catch {
            throw MediaError(error)
        }
    }

    private func drain(_ body: HTTPBodyStream, into sink: DownloadSink) async throws(MediaError) -> UInt64 {
        do {
            while let piece = try await body.next() {
                try await pool.runIfActive { try sink.take(piece) }
            }
            return try await pool.runIfActive { try sink.finish() }
        } catch {
            throw MediaError(error)
        }
    }

    /// The first number of `Content-Range: bytes N-…`.
    private static func start(of response: HTTPStreamedResponse) -> UInt64? {
        guard let range = response.header("content-range"), range.hasPrefix("bytes ") else { return nil }
        return UInt64(range.dropFirst(6).prefix { $0 != "-" })
    }
}

internal import Foundation
internal import HTTPClient
internal import SignalProtocol
internal import Synchronization
internal import WhatsAppCrypto

/// A file as it goes to the service, and what is known of it.
struct PreparedUpload: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        /// Ours to remove.
        case temporaryFile(String)
        /// The caller's own, sent as it is.
        case file(String)
    }

    let body: Body
    let digest: MediaDigest
    /// Nil for what is not encrypted.
    let mediaKey: [UInt8]?

    /// Longer content is encrypted into a file.
    static let memoryLimit: UInt64 = 1 << 20
    private static let readLength = 256 << 10

    /// The hash that names the file at the service.
    var tokenHash: [UInt8] { mediaKey == nil ? digest.hash : digest.encryptedHash }

    var sentLength: UInt64 { mediaKey == nil ? digest.length : digest.encryptedLength }

    /// Reads the source once, encrypting and hashing it; waits for the disk.
    static func make(
        from source: MediaSource,
        kind: MediaKind,
        options: UploadOptions,
        folder: URL,
        isCancelled: () -> Bool
    ) throws -> PreparedUpload {
        let reader = try SourceReader(source)
        guard reader.length <= options.limit else { throw MediaError.tooLarge(limit: options.limit) }
        guard !options.isForNewsletter else { return try plain(source, reader, isCancelled) }
        var random = SystemRandomNumberGenerator()
        let key = options.mediaKey ?? randomBytes(MediaKeys.mediaKeyLength, using: &random)
        let keys = try MediaKeys(mediaKey: key, kind: kind)
        var encryptor = try MediaEncryptor(
            keys: keys,
            withSidecar: kind.isStreamed,
            firstFrameLength: options.firstFrameLength
        )
        let output = try PreparedOutput(length: reader.length, folder: folder)
        do {
            try reader.forEachPiece(Self.readLength) { piece in
                guard !isCancelled() else { throw MediaError.cancelled }
                try encryptor.update(piece) { try output.write($0) }
            }
            let digest = try encryptor.finish { try output.write($0) }
            guard digest.length <= options.limit else { throw MediaError.tooLarge(limit: options.limit) }
            return PreparedUpload(body: output.body, digest: digest, mediaKey: key)
        } catch {
            output.remove()
            throw error
        }
    }

    private static func plain(
        _ source: MediaSource,
        _ reader: borrowing SourceReader,
        _ isCancelled: () -> Bool
    ) throws -> PreparedUpload {
        var check = try PlainMediaCheck(expectation: MediaExpectation())
        var length: UInt64 = 0
        try reader.forEachPiece(Self.readLength) { piece in
            guard !isCancelled() else { throw MediaError.cancelled }
            length += UInt64(piece.count)
            check.update(piece)
        }
        let hash = try check.finish()
        let body: Body =
            switch source {
            case .bytes(let bytes): .bytes(bytes)
            case .file(let url): .file(url.path)
            }
        let digest = MediaDigest(hash: hash, encryptedHash: [], length: length, encryptedLength: 0)
        return PreparedUpload(body: body, digest: digest, mediaKey: nil)
    }

    /// Puts the body from an offset on into a request.
    func fill(_ request: inout HTTPRequest, from offset: UInt64, progress: (@Sendable (UInt64) -> Void)?) {
        switch body {
        case .bytes(let bytes):
            request.body = Array(bytes.dropFirst(Int(clamping: offset)))
        case .temporaryFile(let path), .file(let path):
            request.bodyFile = HTTPFileBody(
                path: path,
                offset: offset,
                length: sentLength - min(offset, sentLength)
            )
            if let progress { request.bodyFile?.progress = { progress(offset + $0) } }
        }
    }

    func remove() {
        if case .temporaryFile(let path) = body { unlink(path) }
    }
}

/// Reads a source from start to end.
private struct SourceReader: ~Copyable {
    private let bytes: [UInt8]
    private let file: OpenFile?
    let length: UInt64

    init(_ source: MediaSource) throws(MediaError) {
        switch source {
        case .bytes(let bytes):
            self.bytes = bytes
            file = nil
            length = UInt64(bytes.count)
        case .file(let url):
            let file = try OpenFile(reading: url.path)
            length = try file.length()
            bytes = []
            self.file = consume file
        }
    }

    borrowing func forEachPiece(_ length: Int, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard file != nil else { return try bytes.withUnsafeBytes(body) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
        defer { buffer.deallocate() }
        while let count = try file?.read(into: buffer), count > 0 {
            try body(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
        }
    }
}

/// Takes the encrypted file: in memory when it is short.
private final class PreparedOutput {
    private var bytes: [UInt8] = []
    private let file: OpenFile?
    private let path: String?

    init(length: UInt64, folder: URL) throws(MediaError) {
        guard length > PreparedUpload.memoryLimit else {
            bytes.reserveCapacity(Int(clamping: length) + 32)
            file = nil
            path = nil
            return
        }
        let path = folder.appending(path: "upload-\(UUID().uuidString)").path
        file = try OpenFile(creating: path)
        self.path = path
    }

    var body: PreparedUpload.Body {
        path.map { .temporaryFile($0) } ?? .bytes(bytes)
    }

    func write(_ piece: UnsafeRawBufferPointer) throws(MediaError) {
        if file == nil { bytes.append(contentsOf: piece) } else { try file?.write(piece) }
    }

    func remove() {
        if let path { unlink(path) }
    }
}

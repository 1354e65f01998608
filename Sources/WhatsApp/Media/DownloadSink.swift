internal import Foundation
internal import Synchronization
internal import WhatsAppCrypto

/// Where a download goes.
enum DownloadTarget: Sendable {
    case memory
    /// A new file; the caller moves it to its place.
    case file(path: String)
}

/// Takes a file as it comes, decrypts and checks it, and keeps what comes out.
///
/// Its calls compute and write: they belong on the thread pool, one after the other.
final class DownloadSink: Sendable {
    private struct State: ~Copyable {
        var decryptor: MediaDecryptor?
        var check: PlainMediaCheck?
        let output: DownloadOutput
        var received: UInt64 = 0
        let limit: UInt64
    }

    private let state: Mutex<State>

    /// `limit` is the greatest length of the content.
    init(_ reference: MediaReference, target: DownloadTarget, limit: UInt64) throws {
        let output = try DownloadOutput(target)
        guard let key = reference.mediaKey else {
            let check = try PlainMediaCheck(expectation: reference.expectation)
            state = Mutex(State(decryptor: nil, check: consume check, output: output, limit: limit))
            return
        }
        let decryptor = try MediaDecryptor(
            keys: MediaKeys(mediaKey: key, kind: reference.kind),
            expectation: reference.expectation,
            limit: limit
        )
        state = Mutex(State(decryptor: consume decryptor, check: nil, output: output, limit: limit))
    }

    /// Bytes of the file so far.
    var received: UInt64 { state.withLock { $0.received } }

    func take(_ piece: [UInt8]) throws {
        try state.withLock { state in
            let output = state.output
            state.received += UInt64(piece.count)
            guard state.decryptor == nil else {
                try piece.withUnsafeBytes { try state.decryptor?.update($0) { try output.write($0) } }
                return
            }
            guard state.received <= state.limit else { throw MediaCryptoError.tooLong(limit: state.limit) }
            try piece.withUnsafeBytes { bytes in
                state.check?.update(bytes)
                try output.write(bytes)
            }
        }
    }

    /// The content's length, once everything has been found right.
    func finish() throws -> UInt64 {
        try state.withLock { state in
            let output = state.output
            if let length = try state.decryptor?.finish(write: { try output.write($0) }) { return length }
            _ = try state.check?.finish()
            return state.received
        }
    }

    /// The content, where it is kept in memory.
    func content() -> [UInt8] {
        state.withLock { $0.output.bytes }
    }
}

/// The content on its way into memory or a file.
private final class DownloadOutput {
    private(set) var bytes: [UInt8] = []
    private let file: OpenFile?

    init(_ target: DownloadTarget) throws(MediaError) {
        switch target {
        case .memory: file = nil
        case .file(let path): file = try OpenFile(creating: path)
        }
    }

    func write(_ piece: UnsafeRawBufferPointer) throws(MediaError) {
        if file == nil { bytes.append(contentsOf: piece) } else { try file?.write(piece) }
    }
}

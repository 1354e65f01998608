import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A download under way; confined to the connection's event loop.
final class MediaDownload {
    /// Writes to the client.
    struct Output {
        let begin: (HTTPResponseStatus, HTTPHeaders) -> Void
        let write: ([UInt8]) -> EventLoopFuture<Void>
        let end: () -> Void
        let cut: () -> Void
    }

    private static let pieceLength = 65_536

    private let path: String
    private let range: String?
    private let engine: Engine
    private let folder: MediaFolder
    private let reply: MediaExchange.Reply

    init(path: String, range: String?, _ engine: Engine, _ folder: MediaFolder, _ reply: MediaExchange.Reply) {
        self.path = path
        self.range = range
        self.engine = engine
        self.folder = folder
        self.reply = reply
    }

    func begin(on loop: any EventLoop) {
        let fault = engine.perform { $0.faults.takeDownloadFault() }
        guard fault != .missing, let file = source else { return reply.json(.notFound, ["error": "gone"]) }
        let start = range.flatMap(Self.start) ?? 0
        guard start == 0 || start < file.length else {
            return reply.json(.rangeNotSatisfiable, ["error": "range"])
        }
        var headers: HTTPHeaders = [
            "content-type": "application/octet-stream", "content-length": String(file.length - start),
        ]
        if start > 0 {
            headers.add(name: "content-range", value: "bytes \(start)-\(max(file.length, 1) - 1)/\(file.length)")
        }
        reply.file.begin(start > 0 ? .partialContent : .ok, headers)
        send(file, from: start, fault, on: loop)
    }

    /// What was uploaded, or what the server has made itself.
    private struct Source: Sendable {
        let name: String?
        let bytes: [UInt8]
        let length: UInt64

        func read(at offset: UInt64, count: Int, in folder: MediaFolder) throws -> [UInt8] {
            if let name { return try folder.read(name, at: offset, count: count) }
            return Array(bytes.dropFirst(Int(clamping: offset)).prefix(count))
        }
    }

    private var source: Source? {
        if let file = engine.view.media.file(at: path) {
            return Source(name: file.name, bytes: [], length: file.length)
        }
        return engine.view.blobs[path].map { Source(name: nil, bytes: $0, length: UInt64($0.count)) }
    }

    /// The next piece once the one before has gone out.
    private func send(_ file: Source, from offset: UInt64, _ fault: MediaFault?, on loop: any EventLoop) {
        guard offset < file.length else { return reply.file.end() }
        if fault == .cut, offset >= file.length / 2 { return reply.file.cut() }
        let folder = folder
        let bound = NIOLoopBound(self, eventLoop: loop)
        folder.pool.runIfActive(eventLoop: loop) {
            try file.read(at: offset, count: Self.pieceLength, in: folder)
        }
        .whenComplete { result in
            let download = bound.value
            guard case .success(var piece) = result, !piece.isEmpty else { return download.reply.file.cut() }
            let next = offset + UInt64(piece.count)
            let middle = file.length / 2
            if fault == .corrupt, (offset..<next).contains(middle) { piece[Int(middle - offset)] ^= 1 }
            if fault == .cut, next >= file.length { piece = Array(piece.prefix(piece.count / 2)) }
            download.reply.file.write(piece).whenSuccess {
                let download = bound.value
                if fault == .cut, next >= file.length { return download.reply.file.cut() }
                guard case .slow(let milliseconds) = fault else {
                    return download.send(file, from: next, fault, on: loop)
                }
                loop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                    bound.value.send(file, from: next, fault, on: loop)
                }
            }
        }
    }

    /// The first number of `bytes=N-`.
    private static func start(of range: String) -> UInt64? {
        guard range.hasPrefix("bytes=") else { return nil }
        return UInt64(range.dropFirst(6).prefix { $0 != "-" })
    }
}

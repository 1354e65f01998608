internal import Compression
internal import Foundation

/// Reads a history blob piece by piece: file or bytes, inflated as a stream, taken apart, translated.
///
/// An actor of its own, so that the work of it is done away from the event loops. What it reads is a local file that has
/// just been written, in small steps.
actor HistoryReader {
    /// Where the packed history is.
    enum Source: Sendable {
        case file(URL)
        case bytes([UInt8])
    }

    /// Of an inflated history; phones send parts of some tens of megabytes.
    static let sizeLimit = 2 << 30

    private static let readSize = 64 * 1024

    private var source: FileHandle?
    private var bytes: ArraySlice<UInt8> = []
    private let inflate: InflateStream
    private var scanner = HistoryScanner()
    private let translator: HistoryTranslator
    private var isOver = false

    init(_ source: Source, translator: HistoryTranslator, limit: Int = HistoryReader.sizeLimit) throws {
        switch source {
        case .file(let url): self.source = try FileHandle(forReadingFrom: url)
        case .bytes(let bytes): self.bytes = bytes[...]
        }
        self.translator = translator
        inflate = try InflateStream(format: .zlib, limit: limit)
    }

    /// The next piece; nil at the end, which a damaged history does not reach.
    func next() throws -> HistoryPiece? {
        guard !isOver else { return nil }
        var piece = HistoryPiece()
        while !piece.isFull {
            if let item = try scanner.next() {
                translator.take(item, into: &piece)
            } else if let inflated = try inflate.next() {
                scanner.feed(inflated)
            } else if let packed = try read() {
                inflate.feed(packed)
            } else {
                try inflate.finish()
                try scanner.finish()
                isOver = true
                try source?.close()
                return piece.isEmpty ? nil : piece
            }
        }
        return piece
    }

    /// The next packed bytes; nil at the end.
    private func read() throws -> [UInt8]? {
        if let source {
            guard let read = try source.read(upToCount: Self.readSize), !read.isEmpty else { return nil }
            return [UInt8](read)
        }
        guard !bytes.isEmpty else { return nil }
        defer { bytes = bytes.dropFirst(Self.readSize) }
        return Array(bytes.prefix(Self.readSize))
    }
}

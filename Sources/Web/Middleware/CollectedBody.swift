internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Synchronization

/// A response's body, gathered in memory.
final class CollectedBody: Sendable {
    private let buffer = Mutex(ByteBuffer())

    var bytes: ByteBuffer { buffer.withLock { $0 } }

    func append(_ part: ByteBuffer) {
        buffer.withLock { _ = $0.writeImmutableBuffer(part) }
    }
}

/// Writes a response's body into a `CollectedBody`.
struct CollectingWriter: ResponseBodyWriter {
    private let body: CollectedBody

    init(into body: CollectedBody) {
        self.body = body
    }

    mutating func write(_ buffer: ByteBuffer) async throws {
        body.append(buffer)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}

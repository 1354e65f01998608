/// Cuts a byte stream into frames, however the bytes were split over messages.
package struct FrameDecoder: Sendable {
    /// Which end of the connection reads.
    package enum Role: Sendable {
        /// Frames alone: the service sends no prologue.
        case client
        /// Perhaps routing information, then the prologue, then frames.
        case server
    }

    private enum Stage: Sendable {
        case prologue
        case frames
        case failed(FrameError)
    }

    /// What the client put in front of its prologue; nil when nothing, or not read yet.
    package private(set) var routingInfo: [UInt8]?
    private var stage: Stage
    private var buffer: [UInt8] = []
    private var start = 0
    private let maximumLength: Int

    /// Reads from the start of a connection; a frame longer than `maximumLength` ends it before its bytes are collected.
    package init(role: Role, maximumLength: Int = Frame.maximumLength) {
        stage = role == .server ? .prologue : .frames
        self.maximumLength = maximumLength
    }

    /// Bytes that have not become a frame yet.
    package var bufferedCount: Int { buffer.count - start }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        if case .failed = stage { return }
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 64 * 1024)
            start = 0
        } else if start > 64 * 1024 {
            buffer.removeSubrange(..<start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole frame's payload; nil when more bytes are needed.
    ///
    /// After an error the stream has no meaning any more, and the same error comes again.
    package mutating func next() throws(FrameError) -> [UInt8]? {
        do throws(FrameError) {
            switch stage {
            case .failed(let error): throw error
            case .prologue:
                guard try readPrologue() else { return nil }
                stage = .frames
            case .frames: break
            }
            return try readBlock()
        } catch {
            stage = .failed(error)
            buffer = []
            start = 0
            throw error
        }
    }

    private mutating func readPrologue() throws(FrameError) -> Bool {
        let head = buffer[start...].prefix(4)
        if routingInfo == nil, Frame.routingMark.starts(with: head) {
            guard head.count == 4 else { return false }
            start += 4
            guard let block = try readBlock(limit: 1024) else {
                start -= 4
                return false
            }
            routingInfo = block
            return try readPrologue()
        }
        guard Frame.prologue.starts(with: head) else { throw .badPrologue }
        guard head.count == 4 else { return false }
        start += 4
        return true
    }

    private mutating func readBlock(limit: Int? = nil) throws(FrameError) -> [UInt8]? {
        guard buffer.count - start >= 3 else { return nil }
        let length = Int(buffer[start]) << 16 | Int(buffer[start + 1]) << 8 | Int(buffer[start + 2])
        let limit = limit ?? maximumLength
        guard length <= limit else { throw .tooLong(length, limit: limit) }
        guard buffer.count - start - 3 >= length else { return nil }
        let payload = Array(buffer[start + 3..<start + 3 + length])
        start += 3 + length
        return payload
    }
}

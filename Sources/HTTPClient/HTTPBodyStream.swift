import Synchronization

/// An answer whose body comes piece by piece.
package struct HTTPStreamedResponse: Sendable {
    package let status: Int
    package let headers: [HTTPHeader]
    package let body: HTTPBodyStream

    /// The value of the first header of this name, in whatever case.
    package func header(_ name: String) -> String? {
        let name = name.lowercased()
        return headers.first { $0.name.lowercased() == name }?.value
    }
}

/// The body of an answer, for one reader.
///
/// At most the limit given at the start waits here; a slow reader slows the server down. Letting go of it ends the
/// transfer.
package final class HTTPBodyStream: Sendable {
    private let buffer: BodyBuffer
    private let mailbox: Mailbox
    private let id: UInt64

    init(buffer: BodyBuffer, mailbox: Mailbox, id: UInt64) {
        self.buffer = buffer
        self.mailbox = mailbox
        self.id = id
    }

    deinit {
        mailbox.post(.cancel(id))
    }

    /// Everything that has come since the last call, at least a byte; nil at the end.
    ///
    /// Cancelling the task ends the transfer and throws `cancelled`.
    package func next() async throws(HTTPClientError) -> [UInt8]? {
        let (buffer, mailbox, id) = (buffer, mailbox, id)
        let result: Result<[UInt8]?, HTTPClientError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isToGoOn = buffer.take(continuation)
                if isToGoOn { mailbox.post(.resume(id)) }
                if Task.isCancelled { mailbox.post(.cancel(id)) }
            }
        } onCancel: {
            mailbox.post(.cancel(id))
        }
        return try result.get()
    }

    /// The rest as one array, up to a limit.
    package func collect(limit: Int) async throws(HTTPClientError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard bytes.count + piece.count <= limit else { throw .responseTooLarge(limit: limit) }
            bytes += piece
        }
        return bytes
    }
}

/// What has come of a body and was not read yet, between the client's thread and the reader.
final class BodyBuffer: Sendable {
    struct Head: Sendable {
        let status: Int
        let headers: [HTTPHeader]
    }

    enum Offer {
        case taken
        /// The reader has enough for now.
        case full
    }

    typealias HeadReply = CheckedContinuation<Result<Head, HTTPClientError>, Never>
    typealias PieceReply = CheckedContinuation<Result<[UInt8]?, HTTPClientError>, Never>

    private struct State {
        var headReply: HeadReply?
        var bytes: [UInt8] = []
        var end: Result<Void, HTTPClientError>?
        var reader: PieceReply?
        var isPaused = false
    }

    private let limit: Int
    private let state: Mutex<State>

    init(limit: Int, headReply: HeadReply) {
        self.limit = max(1, limit)
        state = Mutex(State(headReply: headReply))
    }

    // MARK: The client's thread

    /// The head is there; later calls change nothing.
    func begin(_ head: Head) {
        let reply = state.withLock { $0.headReply.take() }
        reply?.resume(returning: .success(head))
    }

    func offer(_ piece: UnsafeRawBufferPointer) -> Offer {
        let (offer, reader) = state.withLock { state -> (Offer, PieceReply?) in
            if let reader = state.reader.take() { return (.taken, reader) }
            guard state.bytes.isEmpty || state.bytes.count + piece.count <= limit else {
                state.isPaused = true
                return (.full, nil)
            }
            state.bytes.append(contentsOf: piece)
            return (.taken, nil)
        }
        reader?.resume(returning: .success(Array(piece)))
        return offer
    }

    func finish(_ result: Result<Void, HTTPClientError>) {
        let (headReply, reader) = state.withLock { state in
            if state.end == nil { state.end = result }
            return (state.headReply.take(), state.reader.take())
        }
        switch result {
        case .success:
            headReply?.resume(returning: .failure(.malformedResponse))
            reader?.resume(returning: .success(nil))
        case .failure(let error):
            headReply?.resume(returning: .failure(error))
            reader?.resume(returning: .failure(error))
        }
    }

    // MARK: The reader

    /// Gives the reader what is there, or keeps it waiting; whether the transfer is to go on.
    func take(_ reader: PieceReply) -> Bool {
        let (answer, isToGoOn) = state.withLock { state -> (Result<[UInt8]?, HTTPClientError>?, Bool) in
            let isToGoOn = state.isPaused
            state.isPaused = false
            if !state.bytes.isEmpty {
                let bytes = state.bytes
                state.bytes = []
                return (.success(bytes), isToGoOn)
            }
            switch state.end {
            case .success: return (.success(nil), false)
            case .failure(let error): return (.failure(error), false)
            case nil:
                state.reader = reader
                return (nil, isToGoOn)
            }
        }
        if let answer { reader.resume(returning: answer) }
        return isToGoOn
    }
}

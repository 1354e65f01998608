import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An upload under way; confined to the connection's event loop.
final class MediaUpload {
    typealias Answer = (HTTPResponseStatus, [String: String]) -> Void

    /// What may wait for the disk before the sender is made to wait.
    private static let pendingLimit = 1 << 20

    private let order: MediaAddress.Upload
    private let engine: Engine
    private let folder: MediaFolder
    private let channel: any Channel
    private let answer: Answer
    private let name: String
    private var refusal: HTTPResponseStatus?
    private var pending: [UInt8] = []
    private var offset: UInt64 = 0
    private var isWriting = false
    private var isWhole = false
    private var isAnswered = false
    private var isCut = false

    init(
        _ order: MediaAddress.Upload,
        engine: Engine,
        folder: MediaFolder,
        channel: any Channel,
        answer: @escaping Answer
    ) {
        self.order = order
        self.engine = engine
        self.folder = folder
        self.channel = channel
        self.answer = answer
        name = Base64URL.encode(order.hash) + (order.isPlain ? ".plain" : ".enc")
    }

    /// Looks at who asks before anything is taken.
    func begin(length: UInt64?) {
        guard let number = engine.view.media.number(of: order.authorization) else {
            refusal = .unauthorized
            return
        }
        guard order.step != .question else { return }
        switch engine.perform({ $0.faults.takeUploadFault(number: number) }) {
        case .refuseUpload(let status): refusal = HTTPResponseStatus(statusCode: status)
        case .cutUpload: isCut = true
        default: break
        }
        if case .rest(let start) = order.step { offset = start }
        let (end, isTooMuch) = offset.addingReportingOverflow(length ?? 0)
        if isTooMuch || end > MediaFolder.lengthLimit { refusal = .payloadTooLarge }
    }

    func take(_ buffer: ByteBuffer) {
        guard refusal == nil, order.step != .question else { return }
        guard offset + UInt64(pending.count + buffer.readableBytes) <= MediaFolder.lengthLimit else {
            refusal = .payloadTooLarge
            return
        }
        pending.append(contentsOf: buffer.readableBytesView)
        write()
    }

    func end() {
        isWhole = true
        proceed()
    }

    /// One write at a time, in order.
    private func write() {
        guard !isWriting, !pending.isEmpty else {
            if pending.count > Self.pendingLimit { pauseReading(true) }
            return
        }
        isWriting = true
        let (bytes, start, name, folder) = (pending, offset, name, folder)
        pending = []
        offset += UInt64(bytes.count)
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        folder.pool.runIfActive(eventLoop: channel.eventLoop) {
            if case let have = folder.length(of: name), have < start { throw IOError(errnoCode: ESPIPE, reason: "gap") }
            try folder.append(bytes, to: name, at: start)
        }
        .whenComplete { result in
            let upload = bound.value
            upload.isWriting = false
            if case .failure = result { upload.refusal = upload.refusal ?? .badRequest }
            if upload.isCut { return upload.channel.close(promise: nil) }
            upload.write()
            upload.proceed()
        }
    }

    private func pauseReading(_ isPaused: Bool) {
        channel.setOption(.autoRead, value: !isPaused).whenFailure { _ in }
    }

    private func proceed() {
        if !isWriting || pending.count <= Self.pendingLimit { pauseReading(false) }
        guard isWhole, !isWriting, pending.isEmpty, !isAnswered else { return }
        isAnswered = true
        if let refusal { return answer(refusal, ["error": "refused"]) }
        order.step == .question ? tellOffset() : check()
    }

    private func tellOffset() {
        let (name, folder) = (name, folder)
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        folder.pool.runIfActive(eventLoop: channel.eventLoop) { folder.length(of: name) }.whenComplete { result in
            let offset = (try? result.get()) ?? 0
            bound.value.answer(.ok, ["resume": String(offset)])
        }
    }

    private func check() {
        let (name, folder, hash) = (name, folder, order.hash)
        let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
        folder.pool.runIfActive(eventLoop: channel.eventLoop) {
            (isRight: try folder.hash(of: name) == hash, length: folder.length(of: name))
        }
        .whenComplete { result in
            let upload = bound.value
            guard case .success(let found) = result, found.isRight else {
                upload.folder.delete(upload.name)
                return upload.answer(.badRequest, ["error": "hash"])
            }
            upload.store(length: found.length)
        }
    }

    private func store(length: UInt64) {
        let file = MediaLedger.File(
            name: name,
            type: order.type,
            length: length,
            isPlain: order.isPlain,
            hash: order.hash
        )
        let (path, evicted) = engine.perform { $0.store(file) }
        if let evicted { folder.delete(evicted.name) }
        answer(
            .ok,
            [
                "url": "https://\(engine.view.settings.mediaHost)\(path)",
                "direct_path": path,
                "handle": "sandbox-" + Base64URL.encode(order.hash.prefix(12)),
            ]
        )
    }
}

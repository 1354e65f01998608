import Foundation
import NIOCore
import NIOHTTP1

/// One request to the media host under way; confined to the connection's event loop.
///
/// Bodies go to and from the disk piece by piece: whoever sends faster than the disk writes is made to wait.
final class MediaExchange {
    /// Where the answer goes.
    struct Reply {
        let json: (HTTPResponseStatus, [String: String]) -> Void
        /// The head, the pieces and the end of a file; nil as piece cuts the connection.
        let file: MediaDownload.Output
    }

    private enum Phase {
        case upload(MediaUpload)
        /// Needs nothing but the end of the request.
        case ready(() -> Void)
        case over
    }

    private var phase: Phase

    init(_ head: HTTPRequestHead, engine: Engine, channel: any Channel, reply: Reply) {
        phase = .over
        guard let folder = engine.mediaFolder, let address = MediaAddress(head) else {
            phase = .ready { reply.json(.badRequest, ["error": "malformed"]) }
            return
        }
        switch address {
        case .upload(let order):
            let upload = MediaUpload(order, engine: engine, folder: folder, channel: channel, answer: reply.json)
            phase = .upload(upload)
            upload.begin(length: head.headers.first(name: "content-length").flatMap { UInt64($0) })
        case .download(let path):
            let download = MediaDownload(path: path, range: head.headers.first(name: "range"), engine, folder, reply)
            phase = .ready { download.begin(on: channel.eventLoop) }
        case .delete(_, let authorization, let path):
            phase = .ready {
                guard engine.view.media.number(of: authorization) != nil else { return reply.json(.unauthorized, [:]) }
                guard let file = engine.perform({ $0.media.remove(path) }) else { return reply.json(.notFound, [:]) }
                folder.delete(file.name)
                reply.json(.ok, [:])
            }
        }
    }

    func body(_ buffer: ByteBuffer) {
        if case .upload(let upload) = phase { upload.take(buffer) }
    }

    func end() {
        switch phase {
        case .upload(let upload): upload.end()
        case .ready(let act): act()
        case .over: break
        }
        if case .ready = phase { phase = .over }
    }

    /// The connection is gone.
    func abandon() {
        phase = .over
    }
}

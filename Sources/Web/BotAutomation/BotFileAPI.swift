internal import Accounts
internal import Bots
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// `/api/bots/ID/files`: what rules and commands send along, for programs and for our own pages.
struct BotFileAPI: Sendable {
    let control: BotControl

    var routes: [Route] {
        [
            .get("/api/bots/{id}/files", .api(.botsRead)) { _, context in
                let files = try await control.files(of: context.botID(), for: context.signedIn().botCaller)
                return try JSONText.response(ShownFiles(files: files.map(ShownFile.init)))
            },
            .post("/api/bots/{id}/files", .api(.botsWrite)) { request, context in try await add(request, context) },
            .get("/api/bots/{id}/files/{file}", .api(.botsRead)) { _, context in try await download(context) },
            .delete("/api/bots/{id}/files/{file}", .api(.botsWrite)) { _, context in
                try await control.deleteFile(
                    context.automationID("file"),
                    of: context.botID(),
                    by: context.signedIn().botCaller
                )
                return Response(status: .noContent, headers: [.cacheControl: "no-store"])
            },
        ]
    }

    /// The body is the file itself, its type that of the header.
    private func add(_ request: Request, _ context: WebContext) async throws -> Response {
        let (id, caller) = (try context.botID(), try context.signedIn().botCaller)
        // Before the body is read, so that strangers send nothing for nothing.
        guard try await control.services.hosting.find(id, for: caller).access == .own else {
            throw HostingError.notAllowed
        }
        let parameters = request.uri.queryParameters
        let type = request.mediaType ?? "application/octet-stream"
        let kind: BotFile.Kind
        if let named = parameters["kind"] {
            guard let known = BotFile.Kind(rawValue: String(named)) else { throw AutomationError.invalid(.kind) }
            kind = known
        } else {
            kind = BotFile.kind(of: type)
        }
        let body = try await request.wholeBody(limit: BotFile.limit)
        let file = BotFile(
            kind: kind,
            mimeType: type,
            name: parameters["fileName"].map { String($0) } ?? "file",
            bytes: Array(body.readableBytesView)
        )
        return try JSONText.response(ShownFile(try await control.add(file, to: id, by: caller)), status: .created)
    }

    /// Never shown by a browser, whatever its type says.
    private func download(_ context: WebContext) async throws -> Response {
        let file = try await control.file(
            context.automationID("file"),
            of: context.botID(),
            for: context.signedIn().botCaller
        )
        return Response(
            status: .ok,
            headers: [
                .contentType: file.mimeType,
                .contentDisposition: "attachment; filename*=UTF-8''\(file.name.percentEncoded)",
                .cacheControl: "no-store",
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: file.bytes))
        )
    }
}

struct ShownFiles: Encodable {
    let files: [ShownFile]
}

struct ShownFile: Encodable {
    let id: String
    let kind: String
    let mimeType: String
    let name: String
    let bytes: Int
    let createdAt: Date

    init(_ file: ListedFile) {
        id = file.id.text
        kind = file.kind.rawValue
        mimeType = file.mimeType
        name = file.name
        bytes = file.bytes
        createdAt = file.createdAt
    }
}

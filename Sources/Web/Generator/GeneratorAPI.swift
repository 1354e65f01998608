internal import Fleet
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import WhatsApp

/// `/api/session/…`: the generator for programs and for our own page's script.
struct GeneratorAPI: Sendable {
    let generator: SessionGenerator
    let origins: OriginPolicy
    let sandbox: SandboxDesk?

    var routes: [Route] {
        [
            .post("/api/session/generate", .open) { request, context in try await begin(request, context) },
            .post("/api/session/validate", .open) { request, context in try await validate(request, context) },
            .get("/api/session/qr/{id}", .open) { request, context in try await qr(request, context) },
            .get("/api/session/{id}", .open) { _, context in try await show(context) },
            .delete("/api/session/{id}", .open) { request, context in try await delete(request, context) },
            .post("/api/session/{id}/code", .open) { request, context in try await requestCode(request, context) },
            .post("/api/session/{id}/passkey", .open) { request, context in try await submitPasskey(request, context) },
            .post("/api/session/{id}/passkey/confirm", .open) { request, context in
                try await confirmPasskey(request, context)
            },
        ]
    }

    private func begin(_ request: Request, _ context: WebContext) async throws -> Response {
        try origins.check(request)
        let fields = try await request.jsonFields(known: ["method", "phone", "format", "prefix"])
        let input = LinkingInput(
            method: try fields.text("method"),
            phone: try fields.text("phone"),
            format: try fields.text("format"),
            prefix: try fields.text("prefix")
        )
        let wanted = try input.request()
        try await sandbox?.prepare(wanted.phone)
        let attempt = try await generator.begin(wanted, from: try context.clientAddress())
        if let phone = wanted.phone { sandbox?.note(phone, for: attempt.id) }
        let answer = BegunAttempt(
            id: attempt.id.text,
            webSocket: "/ws",
            topic: "generator:\(attempt.id.text)",
            expiresAt: attempt.expiresAt
        )
        return try JSONText.response(
            answer,
            status: .created,
            headers: [.location: "/api/session/\(attempt.id.text)"]
        )
    }

    private func show(_ context: WebContext) async throws -> Response {
        let snapshot = try await generator.snapshot(of: context.attemptID())
        return try JSONText.response(ShownAttempt(snapshot))
    }

    private func qr(_ request: Request, _ context: WebContext) async throws -> Response {
        let types = QRPicture.allCases.map(\.rawValue)
        guard let type = AcceptedTypes(request.headers).best(of: types), let picture = QRPicture(rawValue: type) else {
            throw RequestError.notAcceptable(offered: types)
        }
        let current = try await generator.currentQR(of: context.attemptID())
        let headers: HTTPFields = [
            .contentType: picture.contentType,
            .cacheControl: "no-store",
            .vary: "Accept",
            .expiresAt: current.expiresAt.formatted(.iso8601),
        ]
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: try picture.draw(current.text)))
    }

    private func requestCode(_ request: Request, _ context: WebContext) async throws -> Response {
        try origins.check(request)
        let id = try context.attemptID()
        let fields = try await request.jsonFields(known: ["phone"])
        let phone = try LinkingInput.phone(fields.requiredText("phone"))
        try await sandbox?.prepare(phone)
        try await generator.requestCode(of: id, phone: phone)
        sandbox?.note(phone, for: id)
        return try JSONText.response(Accepted(topic: "generator:\(id.text)"), status: .accepted)
    }

    private func submitPasskey(_ request: Request, _ context: WebContext) async throws -> Response {
        try origins.check(request)
        let id = try context.attemptID()
        let fields = try await request.jsonFields(known: ["assertion"])
        let assertion = try fields.required("assertion")
        guard case .object = assertion else {
            throw RequestError.wrongType("assertion", expected: "the credential's JSON object")
        }
        try await generator.submitPasskey(of: id, assertion: try JSONText.bytes(assertion))
        return try JSONText.response(Accepted(topic: "generator:\(id.text)"), status: .accepted)
    }

    private func confirmPasskey(_ request: Request, _ context: WebContext) async throws -> Response {
        try origins.check(request)
        let id = try context.attemptID()
        _ = try await request.jsonFields(known: [], isOptional: true)
        try await generator.confirmPasskey(of: id)
        return try JSONText.response(Accepted(topic: "generator:\(id.text)"), status: .accepted)
    }

    private func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        try origins.check(request)
        try await generator.delete(context.attemptID())
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private func validate(_ request: Request, _ context: WebContext) async throws -> Response {
        try origins.check(request)
        let fields = try await request.jsonFields(known: ["sessionID", "checkLogin"], limit: 2 << 20)
        let report = try await generator.validate(
            fields.requiredText("sessionID"),
            checkLogin: fields.flag("checkLogin") ?? false,
            from: context.clientAddress()
        )
        return try JSONText.response(ReportedSessionID(report, at: Date()))
    }
}

extension WebContext {
    /// The attempt that the address names; one that cannot be is unknown like one that never was.
    func attemptID() throws -> AttemptID {
        guard let id = parameters.get("id").flatMap({ AttemptID($0) }) else { throw GeneratorError.unknownAttempt }
        return id
    }

    func clientAddress() throws -> ClientAddress {
        // Every address that we print can be read; the error is for the day that this is not so.
        guard let address = ClientAddress(parsing: client.description) else { throw InternalError() }
        return address
    }
}

internal import Fleet
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization
internal import WhatsApp

/// `/api/sandbox/…`: lets the page's buttons move a simulated phone; not there outside the sandbox.
struct SandboxAPI: Sendable {
    let generator: SessionGenerator
    let desk: SandboxDesk
    let origins: OriginPolicy

    var routes: [Route] {
        [
            .post("/api/sandbox/scan", .open) { request, _ in try await scan(request) },
            .post("/api/sandbox/link", .open) { request, _ in try await link(request) },
        ]
    }

    private func scan(_ request: Request) async throws -> Response {
        try origins.check(request)
        let fields = try await request.jsonFields(known: ["attempt"])
        let qr = try await generator.currentQR(of: attempt(fields))
        try await refusable { try await desk.phones.scan(qr: qr.text) }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private func link(_ request: Request) async throws -> Response {
        try origins.check(request)
        let fields = try await request.jsonFields(known: ["attempt", "code"])
        let id = try attempt(fields)
        let code = try fields.requiredText("code").uppercased().filter { $0.isLetter || $0.isNumber }
        guard code.count == 8 else {
            throw RequestError.invalidField("code", message: "A pairing code has eight characters: copy all of it.")
        }
        // Tells a gone attempt from one that only has no number.
        _ = try await generator.snapshot(of: id)
        guard let phone = desk.phone(of: id) else { throw GeneratorError.notReadyForCode }
        try await refusable { try await desk.phones.enter(code: code, phone: phone.digits) }
        return Response(status: .noContent, headers: [.cacheControl: "no-store"])
    }

    private func attempt(_ fields: JSONFields) throws -> AttemptID {
        guard let id = AttemptID(try fields.requiredText("attempt")) else { throw GeneratorError.unknownAttempt }
        return id
    }
}

/// Runs `work` and tells a phone's refusal to the person.
private func refusable(_ work: () async throws -> Void) async throws {
    do {
        try await work()
    } catch SimulatedPhoneError.refused(let reason) {
        throw SandboxRefusal(message: reason)
    }
}

/// A simulated phone said no.
private struct SandboxRefusal: UserFacingError {
    let message: String
    var code: String { "sandbox.refused" }
    var status: HTTPResponse.Status { .conflict }
}

/// The simulated phones, and which number a pairing code was asked for last, by attempt.
///
/// In the sandbox alone are numbers kept, for they are invented there.
final class SandboxDesk: Sendable {
    let phones: any SimulatedPhones
    private let numbers = Mutex<[(id: AttemptID, phone: PhoneNumber)]>([])

    init(phones: any SimulatedPhones) {
        self.phones = phones
    }

    /// Makes sure that a code for this number can be asked for.
    func prepare(_ phone: PhoneNumber?) async throws {
        guard let phone else { return }
        try await refusable { try await phones.provide(phone: phone.digits) }
    }

    func note(_ phone: PhoneNumber, for id: AttemptID) {
        numbers.withLock { numbers in
            numbers.removeAll { $0.id == id }
            numbers.append((id, phone))
            if numbers.count > 1000 { numbers.removeFirst() }
        }
    }

    func phone(of id: AttemptID) -> PhoneNumber? {
        numbers.withLock { $0.last { $0.id == id }?.phone }
    }
}

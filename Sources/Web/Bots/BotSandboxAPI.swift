internal import Accounts
internal import Bots
internal import Fleet
internal import Hummingbird

/// What moves simulated phones and the clock of a sandbox, so that a bot's whole life can be tried within minutes.
struct BotSandboxAPI: Sendable {
    let hosting: Hosting
    let phones: any SimulatedPhones
    /// Moves the clock of the bots so many days on, and looks at once at what is due.
    let advance: (@Sendable (_ days: Double) async throws -> Void)?

    var routes: [Route] {
        [
            .post("/api/sandbox/bots/{id}/scan", .api(.botsWrite)) { request, context in
                _ = try await request.jsonFields(known: [], isOptional: true)
                let id = try context.botID()
                let caller = try context.signedIn().botCaller
                let (_, access) = try await hosting.find(id, for: caller)
                guard access == .own else { throw HostingError.notAllowed }
                guard let text = try await shownQR(id, caller) else { throw HostingError.noPairingCode }
                try await phones.scan(qr: text)
                return Response(status: .noContent)
            },
            .post("/api/sandbox/clock", .api(.admin)) { request, _ in
                let fields = try await request.jsonFields(known: ["days"])
                guard let days = try fields.count("days"), days <= 3_650, let advance else {
                    throw RequestError.invalidField("days", message: "Days are a whole number up to 3650.")
                }
                try await advance(Double(days))
                return Response(status: .noContent)
            },
        ]
    }

    /// The code that is shown at this moment; the first notices of a topic say where things stand.
    private func shownQR(_ id: BotID, _ caller: BotCaller) async throws -> String? {
        for await notice in try await hosting.notices(of: id, for: caller) {
            switch notice.kind {
            case .qr(let text, _, _): return text
            case .status(let state) where state.status == .stopped || state.status == .failed: return nil
            default: continue
            }
        }
        return nil
    }
}

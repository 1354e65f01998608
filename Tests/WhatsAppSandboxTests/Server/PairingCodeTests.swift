import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

struct PairingCodeTests {
    private var companion = TestCompanion()
    private static let number = ServerHarness.number

    /// Asks for a code; the answer.
    private func ask(
        _ harness: inout ServerHarness,
        _ id: ConnectionID,
        _ flow: TestCodeFlow,
        number: String = number
    ) throws -> BinaryNode {
        try harness.ask(harness.iq("set", "md", [flow.hello(companion, number: number)]), on: id)
    }

    /// Types a code at the phone.
    private func type(_ code: String, _ harness: inout ServerHarness) throws -> OperationID {
        var random = SystemRandomNumberGenerator()
        let offer = try harness.state.offer(for: Self.number)
        let exchange = try PrimaryCodeExchange(
            code: code,
            wrappedCompanionKey: offer.wrappedKey,
            ephemeral: .generate(using: &random),
            salt: randomBytes(32, using: &random),
            counter: randomBytes(16, using: &random)
        )
        return try harness.perform { state in
            let operation = state.newOperation()
            try state.sendPrimaryHello(exchange, for: offer, by: Self.number, operation: operation)
            return operation
        }
    }

    @Test(arguments: [[0], Array("0".utf8)] as [[UInt8]])
    mutating func codeLinks(nonce: [UInt8]) throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let flow = try TestCodeFlow()
        let hello = harness.iq("set", "md", [flow.hello(companion, number: Self.number, nonce: nonce)])
        let answer = try harness.ask(hello, on: id)
        #expect(answer.attributes.text("type") == "result")
        let reference = try #require(answer.child("link_code_companion_reg")?.child("link_code_pairing_ref")?.text)
        #expect(try harness.state.view(of: Self.number).codeOfferedBy == "Chrome (Linux)")

        let operation = try type("HTYX2DN2", &harness)
        let notification = try #require(harness.take(id).first)
        #expect(notification.attributes.text("type") == "link_code_companion_reg")
        #expect(notification.child("link_code_companion_reg")?.child("link_code_pairing_ref")?.text == reference)
        let finish = try flow.finish(notification, companion: companion)
        companion.advSecret = finish.advSecret
        harness.receive(harness.iq("set", "md", [finish.request]), on: id)
        let sent = harness.take(id)
        try #require(sent.count == 2)
        #expect(sent[0].attributes.text("type") == "result", "the result comes before pair-success")
        guard case .reply(let reply) = try companion.check(sent[1]) else {
            Issue.record("refused")
            return
        }
        harness.receive(reply, on: id)
        guard case .success(.linked(let device))? = harness.outcomes[operation] else {
            Issue.record("not linked")
            return
        }
        #expect(device.device == 1)
        #expect(throws: SandboxError.noCodeOffered) { try harness.state.offer(for: Self.number) }
    }

    @Test func wrongCodeShowsAtThePhoneAndMayBeTypedAgain() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let flow = try TestCodeFlow()
        _ = try ask(&harness, id, flow)
        for attempt in 1...3 {
            let operation = try type("ZZZZZZZZ", &harness)
            let finish = try flow.finish(try #require(harness.take(id).first), companion: companion)
            let answer = try harness.ask(harness.iq("set", "md", [finish.request]), on: id)
            #expect(answer.attributes.text("type") == "result", "the companion notices nothing")
            #expect(harness.outcomes[operation] == .failure(.wrongCode), "attempt \(attempt)")
        }
        #expect(throws: SandboxError.noCodeOffered) { try harness.state.offer(for: Self.number) }
    }

    @Test func unknownNumberIs404() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let answer = try ask(&harness, id, try TestCodeFlow(), number: "15559999999")
        #expect(answer.child("error")?.attributes.text("code") == "404")
    }

    @Test func secondCodeVoidsTheFirst() throws {
        var harness = try ServerHarness.withPhone()
        let first = try harness.register(companion)
        _ = try ask(&harness, first, try TestCodeFlow())
        let other = TestCompanion()
        let second = try harness.register(other)
        let flow = try TestCodeFlow(code: "22222222")
        _ = try harness.ask(harness.iq("set", "md", [flow.hello(other, number: Self.number)]), on: second)
        let operation = try type("HTYX2DN2", &harness)
        #expect(harness.take(first).isEmpty, "the first companion hears nothing")
        let finish = try flow.finish(try #require(harness.take(second).first), companion: other)
        harness.receive(harness.iq("set", "md", [finish.request]), on: second)
        #expect(harness.outcomes[operation] == .failure(.wrongCode))
    }

    @Test func codeOutlivesTheReferencesAndThenDies() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        harness.advance(100)
        _ = try ask(&harness, id, try TestCodeFlow())
        harness.advance(100)
        #expect(!harness.closed.contains(id))
        _ = try harness.state.offer(for: Self.number)
        harness.advance(90)
        #expect(harness.closed.contains(id))
        #expect(throws: SandboxError.noCodeOffered) { try harness.state.offer(for: Self.number) }
    }

    @Test func malformedHelloIs400() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let good = try TestCodeFlow().hello(companion, number: Self.number)
        for missing in good.children.indices where good.children[missing].tag != "link_code_pairing_nonce" {
            var broken = good
            var children = good.children
            children.remove(at: missing)
            broken.content = .nodes(children)
            let answer = try harness.ask(harness.iq("set", "md", [broken]), on: id)
            #expect(answer.child("error")?.attributes.text("code") == "400")
        }
        var stranger = good
        stranger.attributes["jid"] = "…"
        let answer = try harness.ask(harness.iq("set", "md", [stranger]), on: id)
        #expect(answer.child("error")?.attributes.text("code") == "400")
    }

    @Test(arguments: [(400, nil), (403, nil), (429, 60), (452, nil), (500, nil)] as [(Int, Int?)])
    func injectedErrorsAreAnswered(code: Int, backoff: Int?) throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        _ = try harness.perform {
            try $0.inject(.pairingCodeError(code: code, backoff: backoff), scope: FaultScope(), times: 1)
        }
        let refused = try ask(&harness, id, try TestCodeFlow())
        #expect(refused.attributes.text("type") == "error")
        #expect(refused.child("error")?.attributes.integer("code") == code)
        #expect(refused.child("error")?.attributes.integer("backoff") == backoff)
        #expect(try ask(&harness, id, try TestCodeFlow()).attributes.text("type") == "result")
    }

    @Test mutating func repeatedHelloCountsTheLastBundle() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let flow = try TestCodeFlow()
        _ = try ask(&harness, id, flow)
        _ = try harness.perform { try $0.inject(.duplicatePrimaryHello, scope: FaultScope(), times: 1) }
        _ = try type("HTYX2DN2", &harness)
        let hellos = harness.take(id)
        try #require(hellos.count == 2)
        let first = try flow.finish(hellos[0], companion: companion)
        let second = try flow.finish(hellos[1], companion: companion)
        harness.receive(harness.iq("set", "md", [first.request]), on: id)
        #expect(harness.take(id).count == 1)
        harness.receive(harness.iq("set", "md", [second.request]), on: id)
        let sent = harness.take(id)
        try #require(sent.count == 2)
        companion.advSecret = second.advSecret
        guard case .reply = try companion.check(sent[1]) else {
            Issue.record("another secret than the last")
            return
        }
    }

    @Test func voidCodeIsAnnounced() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let answer = try ask(&harness, id, try TestCodeFlow())
        let reference = answer.child("link_code_companion_reg")?.child("link_code_pairing_ref")?.text
        _ = try harness.perform {
            try $0.inject(.refreshCode(forcedByHand: true), scope: FaultScope(number: Self.number), times: nil)
        }
        let notice = try #require(harness.take(id).first?.child("link_code_companion_reg"))
        #expect(notice.attributes.text("stage") == "refresh_code")
        #expect(notice.attributes.text("force_manual_refresh") == "true")
        #expect(notice.child("link_code_pairing_ref")?.text == reference)
        #expect(throws: SandboxError.noCodeOffered) { try harness.state.offer(for: Self.number) }
    }
}

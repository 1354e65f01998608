import Foundation
import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

struct PasskeyTests {
    private let companion = TestCompanion()
    private static let number = ServerHarness.number

    /// Scans with a phone that demands a passkey; the connection and the options that the companion got.
    private func demand(_ harness: inout ServerHarness) throws -> (ConnectionID, PasskeyOptions) {
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        let operation = try harness.scan(companion.qr(reference))
        guard case .success(.passkeyDemanded(let json))? = harness.outcomes[operation] else {
            throw SandboxError.timedOut
        }
        let notification = try #require(harness.take(id).first)
        #expect(notification.attributes.text("type") == "passkey_prologue_request")
        #expect(notification.child("passkey_request_options")?.bytes.map(Array.init) == json)
        return (id, try JSONDecoder().decode(PasskeyOptions.self, from: Data(json)))
    }

    private func phone() throws -> ServerHarness {
        try .withPhone(NewPhone(number: Self.number, hasPasskey: true))
    }

    private func assertion(_ options: PasskeyOptions, _ harness: inout ServerHarness) throws -> PasskeyAssertion {
        try harness.perform { try $0.passkeyAssertion(of: Self.number, for: options) }
    }

    private func reference(_ harness: inout ServerHarness, _ id: ConnectionID) throws -> String {
        try #require(try harness.ask(harness.iq("get", "md", [BinaryNode("ref")]), on: id).child("ref")?.text)
    }

    @Test func wholeFlowLinks() throws {
        var harness = try phone()
        let (id, options) = try demand(&harness)
        let again = try harness.ask(harness.iq("get", "md", [BinaryNode("passkey_request_options")]), on: id)
        #expect(try again.child("passkey_request_options")?.bytes.map(Array.init) == options.json)

        let assertion = try assertion(options, &harness)
        let flow = try TestPasskeyFlow(reference: try reference(&harness, id))
        let credential = try #require(Base64URL.decode(assertion.rawId))
        harness.receive(
            harness.iq("set", "md", [try flow.prologue(assertion: assertion.json, credential: credential)]),
            on: id
        )
        let sent = harness.take(id)
        try #require(sent.count == 2)
        #expect(sent[0].attributes.text("type") == "result")
        #expect(sent[1].attributes.text("type") == "crsc_continuation")
        let nonce = try harness.ask(harness.iq("set", "md", [BinaryNode("companion_nonce", bytes: flow.nonce)]), on: id)
        #expect(nonce.attributes.text("type") == "result")
        let final = try flow.pairingRequest(sent[1], companion: companion)
        #expect(try harness.state.view(of: Self.number).linking?.confirmationCode == final.code)

        harness.receive(harness.iq("set", "md", [final.request]), on: id)
        let end = harness.take(id)
        try #require(end.count == 2)
        guard case .reply(let reply) = try companion.check(end[1]) else {
            Issue.record("refused")
            return
        }
        harness.receive(reply, on: id)
        #expect(harness.take(id) == [BinaryNode("stream:error", ["code": "515"])])
        #expect(try harness.state.view(of: Self.number).devices.count == 1)
        #expect(harness.timers.isEmpty)
    }

    @Test func assertionIsCheckedThroughout() throws {
        var harness = try phone()
        let (_, options) = try demand(&harness)
        let authenticator = try #require(harness.state.phones[Self.number]?.passkey)
        let good = try assertion(options, &harness)
        let credential = authenticator.credentialID
        #expect(authenticator.objection(to: try good.json, credentialID: credential, options: options) == nil)
        #expect(
            authenticator.objection(to: try good.json, credentialID: [1], options: options) == "unknown-credential"
        )

        var other = options
        other.challenge = Base64URL.encode([1, 2, 3])
        let otherChallenge = try assertion(other, &harness)
        #expect(
            authenticator.objection(to: try otherChallenge.json, credentialID: credential, options: options)
                == "wrong-challenge"
        )
        var elsewhere = options
        elsewhere.rpId = "example.com"
        let otherParty = try assertion(elsewhere, &harness)
        #expect(
            authenticator.objection(to: try otherParty.json, credentialID: credential, options: options)
                == "wrong-origin"
        )
        var forged = good
        var signature = try #require(Base64URL.decode(good.response.signature))
        signature[signature.count - 1] ^= 1
        forged.response.signature = Base64URL.encode(signature)
        #expect(
            authenticator.objection(to: try forged.json, credentialID: credential, options: options)
                == "wrong-signature"
        )
        var party = good
        var authenticatorData = try #require(Base64URL.decode(good.response.authenticatorData))
        authenticatorData[0] ^= 1
        party.response.authenticatorData = Base64URL.encode(authenticatorData)
        #expect(
            authenticator.objection(to: try party.json, credentialID: credential, options: options)
                == "wrong-relying-party"
        )
        for rubbish in [[], Array("{}".utf8), Array("[1".utf8), [0xff]] as [[UInt8]] {
            #expect(
                authenticator.objection(to: rubbish, credentialID: credential, options: options)
                    == "malformed-assertion"
            )
        }
    }

    @Test func brokenCommitmentEndsTheLink() throws {
        var harness = try phone()
        let (id, options) = try demand(&harness)
        let assertion = try assertion(options, &harness)
        let flow = try TestPasskeyFlow(reference: try reference(&harness, id))
        let credential = try #require(Base64URL.decode(assertion.rawId))
        harness.receive(
            harness.iq("set", "md", [try flow.prologue(assertion: assertion.json, credential: credential)]),
            on: id
        )
        let other = BinaryNode("companion_nonce", bytes: [UInt8](repeating: 1, count: 32))
        let answer = try harness.ask(harness.iq("set", "md", [other]), on: id)
        #expect(answer.attributes.text("type") == "error")
        #expect(try harness.state.view(of: Self.number).linking == nil)
    }

    @Test func ownerWhoDoesNothingLosesTheLink() throws {
        var harness = try phone()
        let (id, _) = try demand(&harness)
        harness.advance(121)
        #expect(try harness.state.view(of: Self.number).linking == nil)
        let late = try TestPasskeyFlow(reference: "x").prologue(assertion: [], credential: [])
        #expect(try harness.ask(harness.iq("set", "md", [late]), on: id).attributes.text("type") == "error")
    }

    @Test func phoneWithoutPasskeyHasNoAssertion() throws {
        var harness = try ServerHarness.withPhone()
        #expect(throws: SandboxError.noPasskey) {
            try assertion(PasskeyOptions(challenge: [1], credential: [2]), &harness)
        }
    }
}

import Foundation
import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

struct FaultTests {
    private let companion = TestCompanion()
    private static let number = ServerHarness.number

    private func inject(
        _ fault: SandboxFault,
        _ harness: inout ServerHarness,
        scope: FaultScope = FaultScope(),
        times: Int? = 1
    ) throws {
        _ = try harness.perform { try $0.inject(fault, scope: scope, times: times) }
    }

    private func loggedIn() throws -> (ServerHarness, ConnectionID) {
        var harness = try ServerHarness.withPhone()
        _ = try harness.link(companion)
        let id = try harness.logIn(companion, device: 1)
        _ = harness.take(id)
        return (harness, id)
    }

    private func scanned(_ harness: inout ServerHarness) throws -> (ConnectionID, OperationID, BinaryNode) {
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        let operation = try harness.scan(companion.qr(reference))
        return (id, operation, try #require(harness.take(id).first))
    }

    @Test func badHMACAndSignatureAreSeenByTheCompanion() throws {
        var harness = try ServerHarness.withPhone()
        try inject(.badHMAC, &harness)
        #expect(try companion.check(scanned(&harness).2) == .hmacMismatch)
        try inject(.badAccountSignature, &harness)
        #expect(try companion.check(scanned(&harness).2) == .signatureMismatch)
        guard case .reply = try companion.check(scanned(&harness).2) else {
            Issue.record("the faults happen once")
            return
        }
    }

    @Test func ends515InBothOddWays() throws {
        var harness = try ServerHarness.withPhone()
        try inject(.closeWithoutRestart, &harness)
        let (first, _, success) = try scanned(&harness)
        guard case .reply(let reply) = try companion.check(success) else { return }
        harness.receive(reply, on: first)
        #expect(harness.take(first).isEmpty)
        #expect(harness.closed.contains(first))

        try inject(.restartWithoutClose, &harness)
        let (second, _, another) = try scanned(&harness)
        guard case .reply(let answer) = try companion.check(another) else { return }
        harness.receive(answer, on: second)
        #expect(harness.take(second) == [BinaryNode("stream:error", ["code": "515"])])
        #expect(!harness.closed.contains(second))
    }

    @Test func rotationAtTheScanTakesOnlyTheNewSecret() throws {
        var harness = try ServerHarness.withPhone()
        try inject(.rotateAtScan, &harness)
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        #expect(throws: SandboxError.outdatedQR) { try harness.scan(companion.qr(reference)) }
        let notification = try #require(harness.take(id).first)
        #expect(notification.attributes.text("type") == "companion_reg_refresh")
        #expect(notification.child("companion_reg_refresh") != nil)
        #expect(throws: SandboxError.outdatedQR, "the old secret never links") {
            try harness.scan(companion.qr(reference))
        }
        var renewed = companion
        renewed.advSecret = [UInt8](repeating: 3, count: 32)
        _ = try harness.scan(renewed.qr(reference))
        guard case .reply = try renewed.check(try #require(harness.take(id).first)) else {
            Issue.record("refused")
            return
        }
    }

    @Test func rotationReachesWhoeverShowsACode() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        _ = harness.take(id)
        try inject(.rotateSecret, &harness, times: nil)
        #expect(harness.take(id).first?.attributes.text("type") == "companion_reg_refresh")
    }

    @Test(arguments: [SandboxFault.drop, .serverRestart, .xmlStreamEnd, .streamError(code: 503, conflict: nil)])
    func connectionsEnd(_ fault: SandboxFault) throws {
        var (harness, id) = try loggedIn()
        try inject(fault, &harness, times: nil)
        #expect(harness.closed.contains(id))
        let sent = harness.take(id)
        switch fault {
        case .xmlStreamEnd: #expect(sent == [BinaryNode("xmlstreamend")])
        case .streamError: #expect(sent == [BinaryNode("stream:error", ["code": "503"])])
        default: #expect(sent.isEmpty)
        }
    }

    @Test func scopeSparesTheOthers() throws {
        var (harness, id) = try loggedIn()
        let other = TestCompanion()
        _ = try harness.link(other)
        let second = try harness.logIn(other, device: 2)
        try inject(.drop, &harness, scope: FaultScope(number: Self.number, device: 2), times: nil)
        #expect(harness.closed.contains(second))
        #expect(!harness.closed.contains(id))
        #expect(throws: SandboxError.unknownPhone) {
            try inject(.drop, &harness, scope: FaultScope(number: "15559999999"), times: nil)
        }
        #expect(throws: SandboxError.unknownDevice) {
            try inject(.drop, &harness, scope: FaultScope(number: Self.number, device: 9), times: nil)
        }
    }

    @Test func loginIsRefusedAsOftenAsOrdered() throws {
        var (harness, _) = try loggedIn()
        try inject(.refuseLogin(reason: 402, attributes: ["code": "101", "expire": "60"]), &harness, times: 2)
        for _ in 1...2 {
            let id = try harness.logIn(companion, device: 1)
            let failure = try #require(harness.take(id).first)
            #expect(failure.tag == "failure")
            #expect(failure.attributes.text("reason") == "402")
            #expect(failure.attributes.text("expire") == "60")
        }
        let id = try harness.logIn(companion, device: 1)
        #expect(harness.take(id).first?.tag == "success")
    }

    @Test func dropsAtTheirMoment() throws {
        var harness = try ServerHarness.withPhone()
        try inject(.dropAtPairDevice, &harness)
        let first = try harness.register(companion)
        #expect(harness.take(first).isEmpty && harness.closed.contains(first))

        try inject(.dropAtPairSuccess, &harness)
        let second = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(second)).first)
        #expect(throws: SandboxError.companionGone) { try harness.scan(companion.qr(reference)) }
        #expect(harness.take(second).isEmpty && harness.closed.contains(second))

        let device = try harness.link(companion)
        try inject(.dropAtLogin, &harness)
        let third = try harness.logIn(companion, device: UInt32(device))
        #expect(harness.take(third).isEmpty && harness.closed.contains(third))
    }

    @Test func referencesExpireOnOrder() throws {
        var harness = try ServerHarness.withPhone()
        let id = try harness.register(companion)
        let reference = try #require(harness.references(harness.take(id)).first)
        try inject(.expireReferences, &harness, times: nil)
        #expect(harness.closed.contains(id))
        #expect(throws: SandboxError.unknownReference) { try harness.scan(companion.qr(reference)) }
    }

    @Test func revokedDeviceIsGone() throws {
        var (harness, id) = try loggedIn()
        try inject(.revokeDevice, &harness, scope: FaultScope(number: Self.number), times: nil)
        #expect(harness.closed.contains(id))
        #expect(harness.state.phones[Self.number]?.devices.isEmpty == true)
    }

    @Test func mutedRequestsGetNoAnswer() throws {
        var (harness, id) = try loggedIn()
        try inject(.mute(namespace: "encrypt", child: "count"), &harness, times: nil)
        harness.receive(harness.iq("get", "encrypt", [BinaryNode("count")]), on: id)
        #expect(harness.take(id).isEmpty)
        harness.receive(harness.iq("get", "encrypt", [BinaryNode("digest")]), on: id)
        #expect(harness.take(id).count == 1)
        harness.perform { $0.faults.clear() }
        harness.receive(harness.iq("get", "encrypt", [BinaryNode("count")]), on: id)
        #expect(harness.take(id).count == 1)
    }

    @Test func shapingAddsUp() {
        var board = FaultBoard()
        _ = board.add(.splitFrames, scope: FaultScope(number: "1"), times: nil)
        _ = board.add(.delay(milliseconds: 5, .handshake), scope: FaultScope(), times: nil)
        _ = board.add(.compressStanzas, scope: FaultScope(number: "1", device: 2), times: nil)
        #expect(board.shaping(number: nil, device: nil) == Shaping(handshakeDelay: 5))
        #expect(board.shaping(number: "1", device: 3) == Shaping(handshakeDelay: 5, splits: true))
        #expect(board.shaping(number: "1", device: 2) == Shaping(handshakeDelay: 5, splits: true, compresses: true))
        let isCleared = board.clear(1)
        let isClearedAgain = board.clear(1)
        #expect(isCleared && !isClearedAgain)
    }

    @Test func boardHasABound() {
        var board = FaultBoard()
        let added = (0...FaultBoard.capacity).map { _ in board.add(.badHMAC, scope: FaultScope(), times: 1) != nil }
        #expect(added == Array(repeating: true, count: FaultBoard.capacity) + [false])
    }

    // MARK: Orders as JSON

    private func order(_ json: String) throws -> FaultRequest.Order {
        try ControlBody.decode(FaultRequest.self, from: Array(json.utf8)).order()
    }

    @Test(
        arguments: [
            (#"{"kind":"drop"}"#, SandboxFault.drop, nil), (#"{"kind":"drop","when":"login"}"#, .dropAtLogin, 1),
            (#"{"kind":"stream-error","code":503}"#, .streamError(code: 503, conflict: nil), nil),
            (#"{"kind":"stream-error","conflict":"replaced"}"#, .streamError(code: nil, conflict: "replaced"), nil),
            (#"{"kind":"refuse-login"}"#, .refuseLogin(reason: 401, attributes: [:]), 1),
            (#"{"kind":"delay","milliseconds":50,"on":"handshake"}"#, .delay(milliseconds: 50, .handshake), nil),
            (#"{"kind":"wrong-certificate","flaw":"issuer-serial","times":0}"#, .wrongCertificate(.issuerSerial), nil),
            (#"{"kind":"rotate-adv","when":"scan"}"#, .rotateAtScan, 1),
            (#"{"kind":"rotate-adv"}"#, .rotateSecret, nil),
            (#"{"kind":"refresh-code","force":true}"#, .refreshCode(forcedByHand: true), nil),
            (#"{"kind":"pairing-code-error","code":429,"backoff":9}"#, .pairingCodeError(code: 429, backoff: 9), 1),
            (#"{"kind":"mute","xmlns":"encrypt","child":"count"}"#, .mute(namespace: "encrypt", child: "count"), nil),
            (#"{"kind":"bad-hmac","times":7}"#, .badHMAC, 7), (#"{"kind":"expire-refs"}"#, .expireReferences, nil),
            (#"{"kind":"server-restart"}"#, .serverRestart, nil), (#"{"kind":"xmlstreamend"}"#, .xmlStreamEnd, nil),
            (#"{"kind":"close-without-515"}"#, .closeWithoutRestart, 1),
            (#"{"kind":"515-without-close"}"#, .restartWithoutClose, 1),
            (#"{"kind":"split-frames"}"#, .splitFrames, nil),
            (#"{"kind":"join-frames"}"#, .joinFrames, nil), (#"{"kind":"compress-stanzas"}"#, .compressStanzas, nil),
            (#"{"kind":"bad-account-signature"}"#, .badAccountSignature, 1),
            (#"{"kind":"duplicate-primary-hello"}"#, .duplicatePrimaryHello, 1),
            (#"{"kind":"revoke-device","number":"15550001111","device":2}"#, .revokeDevice, nil),
        ] as [(String, SandboxFault, Int?)]
    )
    func everyKindIsRead(_ json: String, fault: SandboxFault, times: Int?) throws {
        let order = try order(json)
        #expect(order.fault == fault)
        #expect(order.times == times)
    }

    @Test(arguments: [
        (#"{}"#, "kind"), (#"{"kind":"meteor"}"#, "kind"), (#"{"kind":7}"#, "kind"), (#"[]"#, "body"), ("", "body"),
        ("{", "body"), (#"{"kind":"drop","when":"later"}"#, "when"), (#"{"kind":"drop","times":2}"#, "times"),
        (#"{"kind":"stream-error"}"#, "code"), (#"{"kind":"stream-error","code":5}"#, "code"),
        (#"{"kind":"stream-error","conflict":""}"#, "conflict"), (#"{"kind":"refuse-login","reason":1}"#, "reason"),
        (#"{"kind":"refuse-login","attributes":{"":"x"}}"#, "attributes"), (#"{"kind":"delay"}"#, "milliseconds"),
        (#"{"kind":"delay","milliseconds":-1}"#, "milliseconds"),
        (#"{"kind":"delay","milliseconds":5,"on":"feet"}"#, "on"), (#"{"kind":"wrong-certificate"}"#, "flaw"),
        (#"{"kind":"wrong-certificate","flaw":"root","number":"15550001111"}"#, "number"),
        (#"{"kind":"revoke-device"}"#, "number"), (#"{"kind":"pairing-code-error"}"#, "code"),
        (#"{"kind":"pairing-code-error","code":429,"backoff":-1}"#, "backoff"), (#"{"kind":"mute"}"#, "xmlns"),
        (#"{"kind":"bad-hmac","times":-1}"#, "times"), (#"{"kind":"drop","device":-1,"number":"1"}"#, "device"),
        (#"{"kind":"drop","device":70000,"number":"1"}"#, "device"), (#"{"kind":"drop","device":1}"#, "number"),
        (#"{"kind":"rotate-adv","when":"pair-device"}"#, "when"), (#"{"kind":"bad-hmac","times":"many"}"#, "times"),
    ])
    func rubbishNamesItsField(_ json: String, field: String) {
        let error = #expect(throws: SandboxError.self) { try order(json) }
        guard case .invalid(field, _)? = error else {
            Issue.record("\(json): \(String(describing: error))")
            return
        }
    }
}

import Crypto
import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppProtobufs

@testable import WhatsAppWire

@Suite struct NoiseBadInputTests {
    let fixture: HandshakeFixture
    let clientHello, serverHello, clientFinish, resumption: [UInt8]

    init() throws {
        fixture = try HandshakeFixture.load()
        clientHello = try #require(try payloads(of: fixture.xx.message1.bytes, role: .server).first)
        serverHello = try #require(try payloads(of: fixture.xx.message2.bytes, role: .client).first)
        clientFinish = try #require(try payloads(of: fixture.xx.message3.bytes, role: .client).first)
        resumption = try #require(try payloads(of: fixture.ik.message1.bytes, role: .server).first)
    }

    private func finish(_ hello: [UInt8]) throws(NoiseError) {
        guard let initiator = try? fixture.initiator() else { return }
        _ = try initiator.finish(serverHello: hello, payload: fixture.payload.bytes, now: HandshakeFixture.now)
    }

    private func altered(
        _ bytes: [UInt8],
        _ change: (inout WAHandshakeMessage) -> Void
    ) throws -> [UInt8] {
        var message = try WAHandshakeMessage(serializedBytes: bytes)
        change(&message)
        return try message.serializedBytes()
    }

    // MARK: The client's side

    @Test(arguments: ["", "00", "ff", "08", "12", "1a02", "1a020aff", "120100", "0a00"] as [Hex])
    func garbageIsNoServerHello(bytes: Hex) {
        #expect(throws: NoiseError.self) { try finish(bytes.bytes) }
    }

    @Test func otherStepsAreNoServerHello() {
        #expect(throws: NoiseError.malformedMessage) { try finish(clientHello) }
        #expect(throws: NoiseError.malformedMessage) { try finish(clientFinish) }
    }

    @Test(arguments: [0, 1, 31, 33, 64]) func serverEphemeralHas32Bytes(count: Int) throws {
        let hello = try altered(serverHello) { $0.serverHello.ephemeral = Data(repeating: 9, count: count) }
        #expect(throws: NoiseError.wrongLength(field: "ephemeral", count: count)) { try finish(hello) }
    }

    @Test(arguments: [0, 16, 32, 47, 49]) func sealedServerKeyHas48Bytes(count: Int) throws {
        let hello = try altered(serverHello) { $0.serverHello.static = Data(repeating: 9, count: count) }
        #expect(throws: NoiseError.wrongLength(field: "static", count: count)) { try finish(hello) }
    }

    @Test(arguments: [0, 1, 15, 16, 200]) func sealedCertificatesMustBeWhole(count: Int) throws {
        let hello = try altered(serverHello) { $0.serverHello.payload = $0.serverHello.payload.prefix(count) }
        #expect(throws: NoiseError.authenticationFailed) { try finish(hello) }
    }

    @Test func weakServerEphemeralIsRefused() throws {
        for weak in [UInt8(0), 1] {
            let key = Data([weak] + [UInt8](repeating: 0, count: 31))
            let hello = try altered(serverHello) { $0.serverHello.ephemeral = key }
            #expect(throws: NoiseError.curve(.weakPublicKey)) { try finish(hello) }
        }
    }

    /// A server whose static key is of small order, correctly sealed.
    @Test func weakServerKeyIsRefused() throws {
        let own = try fixture.keys.serverEphemeral.keyPair()
        let peer = fixture.keys.clientEphemeral.public.bytes
        var state = NoiseSymmetricState(.xx)
        state.mixHash(peer)
        state.mixHash(own.publicKey)
        state.mixKey(try own.sharedSecret(with: peer))
        let sealed = try state.encryptAndHash([UInt8](repeating: 0, count: 32))
        let hello = try altered(serverHello) { $0.serverHello.static = Data(sealed) }
        #expect(throws: NoiseError.curve(.weakPublicKey)) { try finish(hello) }
    }

    @Test func everyAlteredByteOfTheServerHelloIsNoticed() {
        for index in serverHello.indices {
            var hello = serverHello
            hello[index] ^= 0x01
            #expect(throws: NoiseError.self, "byte \(index)") { try finish(hello) }
        }
    }

    @Test func everyTruncatedServerHelloIsNoticed() {
        for count in 0..<serverHello.count {
            #expect(throws: NoiseError.self, "\(count) bytes") { try finish(Array(serverHello.prefix(count))) }
        }
    }

    // MARK: The server's side

    @Test(arguments: ["", "00", "ff", "12", "1202", "0a00", "220100"] as [Hex])
    func garbageIsNoClientHello(bytes: Hex) throws {
        var responder = try fixture.responder()
        #expect(throws: NoiseError.self) { try responder.receive(clientHello: bytes.bytes) }
    }

    @Test(arguments: [0, 31, 33]) func clientEphemeralHas32Bytes(count: Int) throws {
        let hello = try altered(clientHello) { $0.clientHello.ephemeral = Data(repeating: 9, count: count) }
        var responder = try fixture.responder()
        #expect(throws: NoiseError.wrongLength(field: "ephemeral", count: count)) {
            try responder.receive(clientHello: hello)
        }
    }

    @Test func weakClientEphemeralIsRefused() throws {
        for hello in [clientHello, resumption] {
            let weak = try altered(hello) { $0.clientHello.ephemeral = Data(count: 32) }
            var responder = try fixture.responder()
            #expect(throws: NoiseError.curve(.weakPublicKey)) { try responder.receive(clientHello: weak) }
        }
    }

    @Test func stepsComeInOrderAndOnce() throws {
        var responder = try fixture.responder()
        #expect(throws: NoiseError.outOfOrder) { try responder.receive(clientFinish: clientFinish) }
        _ = try responder.receive(clientHello: clientHello)
        #expect(throws: NoiseError.outOfOrder) { try responder.receive(clientHello: clientHello) }
        _ = try responder.receive(clientFinish: clientFinish)
        #expect(throws: NoiseError.outOfOrder) { try responder.receive(clientFinish: clientFinish) }
    }

    @Test(arguments: [0, 16, 47, 49]) func sealedClientKeyHas48Bytes(count: Int) throws {
        var responder = try fixture.responder()
        _ = try responder.receive(clientHello: clientHello)
        let finish = try altered(clientFinish) { $0.clientFinish.static = Data(repeating: 9, count: count) }
        #expect(throws: NoiseError.wrongLength(field: "static", count: count)) {
            try responder.receive(clientFinish: finish)
        }
    }

    @Test func everyAlteredByteOfTheClientFinishIsNoticed() throws {
        for index in clientFinish.indices {
            var responder = try fixture.responder()
            _ = try responder.receive(clientHello: clientHello)
            var finish = clientFinish
            finish[index] ^= 0x01
            #expect(throws: NoiseError.self, "byte \(index)") { try responder.receive(clientFinish: finish) }
        }
    }

    /// Whatever is altered in a resumption, nobody is let in by it: at best a full handshake begins.
    @Test func alteredResumptionNeverFinishes() throws {
        for index in resumption.indices {
            var responder = try fixture.responder()
            var hello = resumption
            hello[index] ^= 0x01
            do throws(NoiseError) {
                guard case .awaitingFinish = try responder.receive(clientHello: hello) else {
                    Issue.record("byte \(index) altered, and the client was let in")
                    return
                }
            } catch {
                #expect(error != .outOfOrder, "byte \(index)")
            }
        }
    }

    /// A device key of small order, correctly sealed.
    @Test func weakClientKeyIsRefused() throws {
        var responder = try fixture.responder()
        _ = try responder.receive(clientHello: clientHello)
        let ephemeral = try fixture.keys.clientEphemeral.keyPair()
        let hello = try WAHandshakeMessage(serializedBytes: serverHello).serverHello
        var state = NoiseSymmetricState(.xx)
        state.mixHash(ephemeral.publicKey)
        state.mixHash(hello.ephemeral)
        state.mixKey(try ephemeral.sharedSecret(with: hello.ephemeral))
        let serverKey = try state.decryptAndHash(Array(hello.static))
        state.mixKey(try ephemeral.sharedSecret(with: serverKey))
        _ = try state.decryptAndHash(Array(hello.payload))
        let sealed = try state.encryptAndHash([1] + [UInt8](repeating: 0, count: 31))
        let finish = try altered(clientFinish) { $0.clientFinish.static = Data(sealed) }
        #expect(throws: NoiseError.curve(.weakPublicKey)) { try responder.receive(clientFinish: finish) }
    }

    // MARK: Frames

    @Test func frameThatIsAlteredRepeatedOrOvertakenIsRefused() throws {
        let key = SymmetricKey(data: [UInt8](repeating: 3, count: 32))
        var sender = NoiseTransport(sendingKey: key, receivingKey: key)
        let first = try sender.seal([1, 2, 3])
        let second = try sender.seal([4, 5, 6])
        let receiver = NoiseTransport(sendingKey: key, receivingKey: key)

        var repeated = receiver
        #expect(try repeated.open(first) == [1, 2, 3])
        #expect(throws: NoiseError.authenticationFailed) { try repeated.open(first) }
        var overtaken = receiver
        #expect(throws: NoiseError.authenticationFailed) { try overtaken.open(second) }
        for index in first.indices {
            var bytes = first
            bytes[index] ^= 0x40
            var fresh = receiver
            #expect(throws: NoiseError.authenticationFailed) { try fresh.open(bytes) }
        }
        for count in 0..<first.count {
            var fresh = receiver
            #expect(throws: NoiseError.authenticationFailed) { try fresh.open(Array(first.prefix(count))) }
        }
    }

    @Test func anyBytesAreAMessageOrAnError() throws {
        for seed in UInt64(1)...500 {
            var random = SeededGenerator(seed: seed)
            let bytes = random.bytes(random.number(0...120))
            #expect(throws: NoiseError.self, "seed \(seed)") { try finish(bytes) }
            var responder = try fixture.responder()
            #expect(throws: NoiseError.self, "seed \(seed)") { try responder.receive(clientHello: bytes) }
            _ = try? responder.receive(clientFinish: bytes)
        }
    }
}

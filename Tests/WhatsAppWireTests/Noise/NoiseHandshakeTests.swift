import Crypto
import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppProtobufs

@testable import WhatsAppWire

@Suite struct NoiseHandshakeTests {
    let fixture: HandshakeFixture

    init() throws {
        fixture = try HandshakeFixture.load()
    }

    @Test func fixtureKeysBelongTogether() throws {
        let keys = fixture.keys
        for pair in [
            keys.clientStatic, keys.clientEphemeral, keys.serverStatic, keys.serverEphemeral, keys.root,
            keys.intermediate,
        ] {
            #expect(try pair.keyPair().publicKey == pair.public.bytes)
        }
    }

    // MARK: XX

    @Test func clientHelloIsAsRecorded() throws {
        let hello = try fixture.initiator().clientHello()
        #expect(try Frame.opening(hello, routingInfo: nil) == fixture.xx.message1.bytes)
    }

    @Test func routingInfoStandsInFrontOfTheRecordedHello() throws {
        let hello = try fixture.initiator().clientHello()
        let opening = try Frame.opening(hello, routingInfo: [8, 1, 16, 2])
        #expect(opening == Hex("4544000100000408011002").bytes + fixture.xx.message1.bytes)
    }

    @Test func serverHelloIsAsRecorded() throws {
        var responder = try fixture.responder()
        let hello = try #require(try payloads(of: fixture.xx.message1.bytes, role: .server).first)
        guard case .awaitingFinish(let serverHello) = try responder.receive(clientHello: hello) else {
            Issue.record("XX was taken for IK")
            return
        }
        #expect(try Frame.encode(serverHello) == fixture.xx.message2.bytes)
    }

    @Test func clientFinishesAsRecorded() throws {
        let initiator = try fixture.initiator()
        let serverHello = try #require(try payloads(of: fixture.xx.message2.bytes, role: .client).first)
        var (finish, transport) = try initiator.finish(
            serverHello: serverHello,
            payload: fixture.payload.bytes,
            now: HandshakeFixture.now
        )
        #expect(try Frame.encode(finish) == fixture.xx.message3.bytes)

        let frames = fixture.frames
        #expect(try Frame.encode(transport.seal(frames.ping.bytes)) == frames.ping0.bytes)
        #expect(try Frame.encode(transport.seal(frames.ping.bytes)) == frames.ping1.bytes)
        let answer = try #require(try payloads(of: frames.success0.bytes, role: .client).first)
        #expect(try transport.open(answer) == frames.success.bytes)
    }

    @Test func serverFinishesWithWhatTheClientSent() throws {
        var responder = try fixture.responder()
        let hello = try #require(try payloads(of: fixture.xx.message1.bytes, role: .server).first)
        _ = try responder.receive(clientHello: hello)
        let finish = try #require(try payloads(of: fixture.xx.message3.bytes, role: .client).first)
        let client = try responder.receive(clientFinish: finish)
        #expect(client.staticKey == fixture.keys.clientStatic.public.bytes)
        #expect(client.payload == fixture.payload.bytes)

        let frames = fixture.frames
        var transport = client.transport
        for frame in [frames.ping0, frames.ping1] {
            let sealed = try #require(try payloads(of: frame.bytes, role: .client).first)
            #expect(try transport.open(sealed) == frames.ping.bytes)
        }
        #expect(try Frame.encode(transport.seal(frames.success.bytes)) == frames.success0.bytes)
    }

    @Test func everyHashAndKeyOnTheWayIsAsRecorded() throws {
        let (keys, xx) = (fixture.keys, fixture.xx)
        var state = NoiseSymmetricState(.xx)
        #expect(state.hash == xx.hashAfterPrologue.bytes)
        state.mixHash(keys.clientEphemeral.public.bytes)
        #expect(state.hash == xx.hashAfterClientEphemeral.bytes)
        state.mixHash(keys.serverEphemeral.public.bytes)
        #expect(state.hash == xx.hashAfterServerEphemeral.bytes)
        let (ephemeral, serverEphemeral) = (try keys.clientEphemeral.keyPair(), keys.serverEphemeral.public.bytes)
        state.mixKey(try ephemeral.sharedSecret(with: serverEphemeral))
        #expect(state.chainingKey == xx.chainingKey1.bytes)
        #expect(try state.decryptAndHash(xx.sealedServerStatic.bytes) == keys.serverStatic.public.bytes)
        #expect(state.hash == xx.hashAfterServerStatic.bytes)
        state.mixKey(try ephemeral.sharedSecret(with: keys.serverStatic.public.bytes))
        #expect(state.chainingKey == xx.chainingKey2.bytes)
        _ = try state.encryptAndHash(fixture.certificates.chain.bytes)
        #expect(state.hash == xx.hashAfterCertificate.bytes)
        #expect(try state.encryptAndHash(keys.clientStatic.public.bytes) == xx.sealedClientStatic.bytes)
        #expect(state.hash == xx.hashAfterClientStatic.bytes)
        state.mixKey(try keys.clientStatic.keyPair().sharedSecret(with: serverEphemeral))
        #expect(state.chainingKey == xx.chainingKey3.bytes)
        _ = try state.encryptAndHash(fixture.payload.bytes)
        #expect(state.hash == xx.hashAfterPayload.bytes)
        let transport = state.split()
        #expect(transport.client == SymmetricKey(data: xx.clientWriteKey.bytes))
        #expect(transport.server == SymmetricKey(data: xx.clientReadKey.bytes))
    }

    // MARK: IK and XXfallback

    @Test func resumptionIsAsRecorded() throws {
        var responder = try fixture.responder()
        let hello = try #require(try payloads(of: fixture.ik.message1.bytes, role: .server).first)
        guard case .finished(let serverHello, let client) = try responder.receive(clientHello: hello) else {
            Issue.record("IK was taken for XX")
            return
        }
        #expect(try Frame.encode(serverHello) == fixture.ik.message2.bytes)
        #expect(client.staticKey == fixture.keys.clientStatic.public.bytes)
        #expect(client.payload == fixture.payload.bytes)
        var theirs = NoiseTransport(
            sendingKey: SymmetricKey(data: fixture.ik.clientWriteKey.bytes),
            receivingKey: SymmetricKey(data: fixture.ik.clientReadKey.bytes)
        )
        var ours = client.transport
        #expect(try ours.open(theirs.seal([1, 2, 3])) == [1, 2, 3])
        #expect(try theirs.open(ours.seal([4, 5])) == [4, 5])
        #expect(throws: NoiseError.outOfOrder) { try responder.receive(clientFinish: []) }
    }

    @Test func fallbackStartsAsTheNotesSay() {
        let afterPrologue = "413766ac503c04676506bebddd691cfd5fe1087956a1150b2d235c16bd23512c"
        #expect(NoiseSymmetricState(.xxFallback).hash.hex == afterPrologue)
        var state = NoiseSymmetricState(.ik)
        state.mixHash(fixture.keys.serverStatic.public.bytes)
        #expect(state.hash == fixture.ik.hashAfterServerStatic.bytes)
    }

    /// A client that resumes with a key which the server no longer has: the server answers with its new key,
    /// and both go on under the fallback's name with the same ephemeral key.
    @Test func wrongServerKeyFallsBackToAFullHandshake() throws {
        var random = SeededGenerator(seed: 1)
        let newStatic = Curve25519KeyPair.generate(using: &random)
        let chain = CertificateChain.make(
            root: try fixture.keys.root.keyPair(),
            intermediate: try fixture.keys.intermediate.keyPair(),
            leafKey: newStatic.publicKey,
            notBefore: HandshakeFixture.now.addingTimeInterval(-60),
            notAfter: HandshakeFixture.now.addingTimeInterval(60),
            using: &random
        )
        var responder = NoiseResponder(
            staticKey: newStatic,
            ephemeral: try fixture.keys.serverEphemeral.keyPair(),
            certificateChain: chain
        )
        let hello = try #require(try payloads(of: fixture.ik.message1.bytes, role: .server).first)
        guard case .awaitingFinish(let answer) = try responder.receive(clientHello: hello) else {
            Issue.record("resumed under a key that is not the server's")
            return
        }

        let serverHello = try WAHandshakeMessage(serializedBytes: answer).serverHello
        let ephemeral = try fixture.keys.clientEphemeral.keyPair()
        var state = NoiseSymmetricState(.xxFallback)
        state.mixHash(ephemeral.publicKey)
        state.mixHash(serverHello.ephemeral)
        state.mixKey(try ephemeral.sharedSecret(with: serverHello.ephemeral))
        let serverKey = try state.decryptAndHash(Array(serverHello.static))
        #expect(serverKey == newStatic.publicKey)
        state.mixKey(try ephemeral.sharedSecret(with: serverKey))
        #expect(try state.decryptAndHash(Array(serverHello.payload)) == chain)
        let own = try fixture.keys.clientStatic.keyPair()
        let sealedStatic = try state.encryptAndHash(own.publicKey)
        state.mixKey(try own.sharedSecret(with: serverHello.ephemeral))
        let sealedPayload = try state.encryptAndHash(fixture.payload.bytes)
        let finish =
            try WAHandshakeMessage
            .with {
                $0.clientFinish.static = Data(sealedStatic)
                $0.clientFinish.payload = Data(sealedPayload)
            }
            .serializedBytes() as [UInt8]

        let client = try responder.receive(clientFinish: finish)
        #expect(client.staticKey == own.publicKey)
        #expect(client.payload == fixture.payload.bytes)
        let keys = state.split()
        var theirs = NoiseTransport(sendingKey: keys.client, receivingKey: keys.server)
        var ours = client.transport
        #expect(try ours.open(theirs.seal([7])) == [7])
        #expect(try theirs.open(ours.seal([8])) == [8])
    }

    @Test func bothSidesAgreeForRandomKeys() throws {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            let root = Curve25519KeyPair.generate(using: &random)
            let server = Curve25519KeyPair.generate(using: &random)
            let device = Curve25519KeyPair.generate(using: &random)
            let chain = CertificateChain.make(
                root: root,
                intermediate: .generate(using: &random),
                leafKey: server.publicKey,
                notBefore: HandshakeFixture.now,
                notAfter: HandshakeFixture.now.addingTimeInterval(1),
                using: &random
            )
            let initiator = NoiseInitiator(
                staticKey: device,
                ephemeral: .generate(using: &random),
                rootKey: root.publicKey
            )
            var responder = NoiseResponder(
                staticKey: server,
                ephemeral: .generate(using: &random),
                certificateChain: chain
            )
            guard case .awaitingFinish(let hello) = try responder.receive(clientHello: initiator.clientHello()) else {
                Issue.record("seed \(seed): XX was taken for IK")
                return
            }
            let payload = random.bytes(random.number(0...500))
            var (finish, transport) = try initiator.finish(
                serverHello: hello,
                payload: payload,
                now: HandshakeFixture.now
            )
            let client = try responder.receive(clientFinish: finish)
            var serverTransport = client.transport
            #expect(client.payload == payload, "seed \(seed)")
            #expect(client.staticKey == device.publicKey, "seed \(seed)")
            for _ in 0..<10 {
                let text = random.bytes(random.number(0...100))
                #expect(try transport.open(serverTransport.seal(text)) == text, "seed \(seed)")
                #expect(try serverTransport.open(transport.seal(text)) == text, "seed \(seed)")
            }
        }
    }
}

import Foundation
import SignalProtocol
import Testing
import WhatsAppWire

@testable import WhatsAppSandbox

struct ConnectionStateTests {
    private let authority: CertificateAuthority
    private let companion = TestCompanion()

    init() {
        var random = SystemRandomNumberGenerator()
        authority = .generate(using: &random)
    }

    private func makeServer() -> ConnectionState {
        var random = SystemRandomNumberGenerator()
        return ConnectionState(
            responder: NoiseResponder(
                staticKey: authority.leaf,
                ephemeral: .generate(using: &random),
                certificateChain: authority.chain(at: Date(), using: &random)
            )
        )
    }

    private func makeClient() -> NoiseInitiator {
        var random = SystemRandomNumberGenerator()
        return NoiseInitiator(
            staticKey: companion.noise,
            ephemeral: .generate(using: &random),
            rootKey: authority.root.publicKey
        )
    }

    /// Sends pieces of a size and gives all that came out.
    private func feed(_ bytes: [UInt8], to server: inout ConnectionState, pieces: Int) -> [ConnectionState.Action] {
        stride(from: 0, to: bytes.count, by: pieces).flatMap { start in
            server.receive(bytes[start..<min(start + pieces, bytes.count)])
        }
    }

    @Test(arguments: [1, 2, 3, 7, 100_000], [[], [1, 2, 3]] as [[UInt8]])
    func handshakeWorksInPiecesOfAnySize(pieces: Int, routing: [UInt8]) throws {
        var server = makeServer()
        let client = makeClient()
        let opening = try Frame.opening(client.clientHello(), routingInfo: routing.isEmpty ? nil : routing)
        let hello = feed(opening, to: &server, pieces: pieces)
        guard case .write(let frame)? = hello.first, hello.count == 1 else {
            Issue.record("no server hello: \(hello)")
            return
        }
        let finish = try client.finish(serverHello: Array(frame.dropFirst(3)), payload: [9, 9], now: Date())
        var transport = finish.transport
        let ping = BinaryNode("iq", ["type": "get", "xmlns": "w:p"])
        let rest = try Frame.encode(finish.clientFinish) + Frame.encode(transport.seal(StanzaCodec.encode(ping)))
        #expect(
            feed(rest, to: &server, pieces: pieces)
                == [.established(noisePublicKey: companion.noise.publicKey, payload: [9, 9]), .stanza(ping)]
        )

        let plain = server.seal(BinaryNode("success", ["t": "1"]))
        let first = try transport.open(Array(try #require(plain).dropFirst(3)))
        #expect(try StanzaCodec.decode(first) == BinaryNode("success", ["t": "1"]))
        let compressed = server.seal(BinaryNode("success", ["t": "2"]), compressed: true)
        let second = try transport.open(Array(try #require(compressed).dropFirst(3)))
        #expect(second.first == 2)
        #expect(try StanzaCodec.decode(second) == BinaryNode("success", ["t": "2"]))
    }

    @Test(arguments: CertificateFlaw.allCases)
    func clientRefusesEveryFlaw(_ flaw: CertificateFlaw) throws {
        var random = SystemRandomNumberGenerator()
        var server = ConnectionState(
            responder: NoiseResponder(
                staticKey: authority.leaf,
                ephemeral: .generate(using: &random),
                certificateChain: authority.chain(at: Date(), flaw: flaw, using: &random)
            )
        )
        let client = makeClient()
        guard case .write(let frame)? = server.receive(try Frame.opening(client.clientHello(), routingInfo: nil)).first
        else {
            Issue.record("no server hello")
            return
        }
        #expect(throws: NoiseError.self) {
            try client.finish(serverHello: Array(frame.dropFirst(3)), payload: [], now: Date())
        }
    }

    @Test func rubbishClosesAndNeverTraps() {
        for seed in 0..<2_000 {
            var random = SeededRandom(seed: UInt64(seed))
            var server = makeServerCheaply()
            var bytes = Frame.prologue
            if seed % 2 == 0 { bytes = [] }
            bytes += randomBytes(Int.random(in: 1...400, using: &random), using: &random)
            // A length that fits, so that the payload is looked at.
            if seed % 2 == 1, bytes.count > 7 {
                bytes[4] = 0
                bytes[5] = UInt8((bytes.count - 7) >> 8)
                bytes[6] = UInt8((bytes.count - 7) & 255)
            }
            let actions = server.receive(bytes)
            for action in actions {
                guard case .close = action else {
                    Issue.record("seed \(seed): \(action)")
                    return
                }
            }
            if !actions.isEmpty { #expect(server.receive([1, 2, 3]).isEmpty) }
        }
    }

    /// Key generation is most of the work; the handshake does not get far enough to need a real chain.
    private func makeServerCheaply() -> ConnectionState {
        ConnectionState(
            responder: NoiseResponder(
                staticKey: authority.leaf,
                ephemeral: authority.intermediate,
                certificateChain: []
            )
        )
    }

    @Test func handshakeThatNeverEndsIsCutOff() {
        var server = makeServer()
        let promise = Frame.prologue + [0xff, 0xff, 0xff]
        let nothing = server.receive(promise)
        #expect(nothing.isEmpty)
        #expect(
            server.receive([UInt8](repeating: 0, count: ConnectionState.handshakeLimit))
                == [.close(.handshakeTooLong)]
        )
    }

    @Test func brokenStanzasCloseTheConnection() throws {
        for plain in [[], [0], [0, 0xf8], [2, 1, 2, 3], [0, 0xf3], [0] + [UInt8](repeating: 0xf8, count: 10_000)] {
            var server = makeServer()
            let client = makeClient()
            guard
                case .write(let frame)? = server.receive(try Frame.opening(client.clientHello(), routingInfo: nil))
                    .first
            else { return }
            let finish = try client.finish(serverHello: Array(frame.dropFirst(3)), payload: [], now: Date())
            var transport = finish.transport
            let actions = server.receive(
                try Frame.encode(finish.clientFinish) + Frame.encode(transport.seal(plain))
            )
            guard case .close(.stanza)? = actions.last else {
                Issue.record("\(plain.prefix(4)): \(actions)")
                return
            }
        }
    }

    @Test func wrongCipherTextCloses() throws {
        var server = makeServer()
        let client = makeClient()
        guard case .write(let frame)? = server.receive(try Frame.opening(client.clientHello(), routingInfo: nil)).first
        else { return }
        let finish = try client.finish(serverHello: Array(frame.dropFirst(3)), payload: [], now: Date())
        let actions = server.receive(
            try Frame.encode(finish.clientFinish) + Frame.encode([UInt8](repeating: 7, count: 40))
        )
        #expect(actions.last == .close(.decryption))
        let afterwards = server.seal(BinaryNode("iq"))
        #expect(afterwards == nil)
    }
}

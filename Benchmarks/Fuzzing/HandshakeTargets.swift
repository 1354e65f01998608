import SignalProtocol
import WhatsAppWire

/// A recorded handshake between invented parties, to be broken.
struct HandshakeCorpus {
    private let parties = Parties(seed: 5)
    private let payload = [UInt8](repeating: 7, count: 120)
    private let clientHello: [UInt8]
    private let clientFinish: [UInt8]

    init() {
        let initiator = parties.initiator()
        clientHello = initiator.clientHello()
        clientFinish =
            (try? initiator.finish(serverHello: parties.serverHello, payload: payload, now: parties.now))?.clientFinish
            ?? []
    }

    /// Tags and lengths of the protobuf fields that occur.
    private static let pieces: [[UInt8]] = [
        [0x12, 0x00], [0x1a, 0x00], [0x22, 0x00], [0x0a, 0x20], [0x12, 0x30], [0x1a, 0x80, 0x01], [0x08, 0x01],
        [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], [0x0d, 1, 2, 3, 4], [0x0b, 0x0c], [0x20, 0x01],
        [UInt8](repeating: 0xff, count: 10),
    ]

    /// The client reads a server's hello: broken, or whole around a broken chain.
    func client() -> FuzzTarget {
        let hello = Mutation(corpus: [parties.serverHello, clientHello, clientFinish], pieces: Self.pieces)
        let chain = Mutation(corpus: [parties.chain], pieces: Self.pieces)
        return FuzzTarget(name: "handshake, client", share: 4) { random in
            let input: [UInt8]
            let isGenuine: Bool
            if random.number(0...1) == 0 {
                input = hello.input(&random)
                isGenuine = input == parties.serverHello
            } else {
                let broken = chain.input(&random)
                var responder = NoiseResponder(
                    staticKey: parties.server,
                    ephemeral: parties.serverEphemeral,
                    certificateChain: broken
                )
                guard case .awaitingFinish(let answer) = try? responder.receive(clientHello: clientHello) else {
                    return .unsound("a server refused a good hello")
                }
                input = answer
                // Unknown fields are ignored, so that other bytes may be a good chain too; that is the chain's target.
                isGenuine = isAccepted(chain: broken)
            }
            let finish = try? parties.initiator().finish(serverHello: input, payload: payload, now: parties.now)
            guard finish != nil else { return .refused }
            return isGenuine || isEquivalent(input, to: parties.serverHello)
                ? .accepted : .unsound("took a hello that the server did not send")
        }
    }

    /// The server reads a hello and, when that was good, a finish.
    func server() -> FuzzTarget {
        let hello = Mutation(corpus: [clientHello], pieces: Self.pieces)
        let finish = Mutation(corpus: [clientFinish, clientHello], pieces: Self.pieces)
        return FuzzTarget(name: "handshake, server", share: 4) { random in
            var responder = parties.responder()
            if random.number(0...1) == 0 {
                return (try? responder.receive(clientHello: hello.input(&random))) == nil ? .refused : .accepted
            }
            guard (try? responder.receive(clientHello: clientHello)) != nil else {
                return .unsound("refused a good hello")
            }
            guard let client = try? responder.receive(clientFinish: finish.input(&random)) else { return .refused }
            return client.staticKey == parties.device.publicKey && client.payload == payload
                ? .accepted : .unsound("took one client for another")
        }
    }

    /// The server reads a resumption under a key that is not its own, or noise in place of one.
    func resumption() -> FuzzTarget {
        var random = SplitMix(seed: 6)
        // Field 2 of the message: ephemeral, sealed key, sealed payload.
        let ephemeral = Curve25519KeyPair.generate(using: &random).publicKey
        let fields = [0x0a, 32] + ephemeral + [0x12, 48] + random.bytes(48) + [0x1a, 100] + random.bytes(100)
        let message: [UInt8] = [0x12, UInt8(fields.count & 0x7f | 0x80), UInt8(fields.count >> 7)] + fields
        let mutation = Mutation(corpus: [message, clientHello], pieces: Self.pieces)
        return FuzzTarget(name: "handshake, resumed", share: 3) { random in
            var responder = parties.responder()
            switch try? responder.receive(clientHello: mutation.input(&random)) {
            case nil: return .refused
            case .awaitingFinish: return .accepted
            case .finished: return .unsound("let a client in that does not know the server's key")
            }
        }
    }

    /// The certificates alone.
    func certificates() -> FuzzTarget {
        let mutation = Mutation(corpus: [parties.chain, Parties(seed: 6).chain], pieces: Self.pieces)
        return FuzzTarget(name: "certificate chain", share: 7) { random in
            let bytes = mutation.input(&random)
            guard isAccepted(chain: bytes) else { return .refused }
            // Whatever stands around them: both signatures and both signed texts are in it.
            return signedParts(of: parties.chain).allSatisfy { contains(bytes, $0) }
                ? .accepted : .unsound("accepted a chain that nobody signed")
        }
    }

    /// Frames under the ciphers of a finished handshake.
    func cipher() -> FuzzTarget {
        guard
            let (_, transport) = try? parties.initiator()
                .finish(serverHello: parties.serverHello, payload: payload, now: parties.now)
        else { return FuzzTarget(name: "frame cipher", share: 4) { _ in .unsound("there was no handshake") } }
        var responder = parties.responder()
        _ = try? responder.receive(clientHello: clientHello)
        var client = (try? responder.receive(clientFinish: clientFinish))?.transport
        let sealed = (try? client?.seal([UInt8](repeating: 3, count: 80))) ?? []
        let mutation = Mutation(corpus: [sealed])
        return FuzzTarget(name: "frame cipher", share: 4) { random in
            var transport = transport
            let bytes = mutation.input(&random)
            guard (try? transport.open(bytes)) != nil else { return .refused }
            return bytes == sealed ? .accepted : .unsound("opened what was not sealed")
        }
    }

    private func isAccepted(chain: [UInt8]) -> Bool {
        do {
            try CertificateChain.verify(
                chain,
                rootKey: parties.root.publicKey,
                serverKey: parties.server.publicKey,
                now: parties.now
            )
            return true
        } catch {
            return false
        }
    }

    /// The sealed parts of a hello are in it unchanged; a protobuf has many forms.
    private func isEquivalent(_ bytes: [UInt8], to original: [UInt8]) -> Bool {
        let hello = field(3, of: original[...])
        return [1, 2, 3].allSatisfy { contains(bytes, field($0, of: hello)) }
    }

    /// Both signed texts and both signatures of a chain.
    private func signedParts(of chain: [UInt8]) -> [ArraySlice<UInt8>] {
        [1, 2].map { field($0, of: chain[...]) }.flatMap { [field(1, of: $0), field(2, of: $0)] }
    }

    /// The bytes of a field in a protobuf of our own making: one byte for a tag, nothing but lengths and numbers.
    private func field(_ number: UInt8, of message: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = message
        func varint() -> Int {
            var value = 0
            var shift = 0
            while let byte = rest.popFirst() {
                value |= Int(byte & 0x7f) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return value
        }
        while let tag = rest.popFirst() {
            let length = varint()
            guard tag & 7 == 2 else { continue }
            if tag >> 3 == number { return rest.prefix(length) }
            rest = rest.dropFirst(length)
        }
        return []
    }

    private func contains(_ bytes: [UInt8], _ piece: ArraySlice<UInt8>) -> Bool {
        guard bytes.count >= piece.count else { return false }
        return (0...bytes.count - piece.count).contains { bytes[$0..<$0 + piece.count].elementsEqual(piece) }
    }
}

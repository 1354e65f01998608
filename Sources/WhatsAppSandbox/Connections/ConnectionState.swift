import SignalProtocol
import WhatsAppWire

/// One connection's bytes: frames, handshake, cipher and stanzas, without a socket.
///
/// Bytes go in, actions come out, in order. After ``Action/close(_:)`` nothing more comes out.
struct ConnectionState: Sendable {
    enum Action: Sendable, Equatable {
        /// Handshake bytes for the wire.
        case write([UInt8])
        /// The handshake is done: whose static key it was, and the encoded ClientPayload.
        case established(noisePublicKey: [UInt8], payload: [UInt8])
        case stanza(BinaryNode)
        case close(Failure)
    }

    /// What the other side did that ends a connection.
    enum Failure: Error, Sendable, Equatable {
        case frame(FrameError)
        case handshake(NoiseError)
        case decryption
        case stanza(StanzaError)
        /// More bytes than any handshake has.
        case handshakeTooLong
    }

    private enum Phase: Sendable {
        case hello(NoiseResponder)
        case finish(NoiseResponder)
        case open(NoiseTransport)
        case closed
    }

    static let handshakeLimit = 65_536

    private var frames = FrameDecoder(role: .server)
    private var phase: Phase
    private var handshakeBytes = 0

    init(responder: NoiseResponder) {
        phase = .hello(responder)
    }

    var isOpen: Bool {
        if case .open = phase { true } else { false }
    }

    /// Takes bytes as they came, in pieces of any size.
    mutating func receive(_ bytes: some Collection<UInt8>) -> [Action] {
        if case .closed = phase { return [] }
        if !isOpen {
            handshakeBytes += bytes.count
            guard handshakeBytes <= Self.handshakeLimit else { return [close(.handshakeTooLong)] }
        }
        frames.append(bytes)
        var actions: [Action] = []
        do {
            while let frame = try frames.next() {
                actions += take(frame)
                if case .closed = phase { break }
            }
        } catch {
            actions.append(close(.frame(error)))
        }
        return actions
    }

    /// The next frame with a stanza in it; nil before the handshake is done, or when the stanza does not fit in a frame.
    mutating func seal(_ node: BinaryNode, compressed: Bool = false) -> [UInt8]? {
        guard case .open(var transport) = phase else { return nil }
        phase = .closed
        defer { phase = .open(transport) }
        do {
            let plain = compressed ? try StanzaCodec.encodeCompressed(node) : try StanzaCodec.encode(node)
            return try Frame.encode(transport.seal(plain))
        } catch {
            return nil
        }
    }

    /// Nothing that still comes in counts.
    mutating func end() {
        phase = .closed
    }

    private mutating func take(_ frame: [UInt8]) -> [Action] {
        switch phase {
        case .hello(let responder): hello(frame, responder)
        case .finish(let responder): finish(frame, responder)
        case .open(let transport): open(frame, transport)
        case .closed: []
        }
    }

    private mutating func hello(_ frame: [UInt8], _ responder: NoiseResponder) -> [Action] {
        var responder = responder
        do {
            switch try responder.receive(clientHello: frame) {
            case .awaitingFinish(let serverHello):
                phase = .finish(responder)
                return [.write(try Frame.encode(serverHello))]
            case .finished(let serverHello, let client):
                phase = .open(client.transport)
                return [
                    .write(try Frame.encode(serverHello)),
                    .established(noisePublicKey: client.staticKey, payload: client.payload),
                ]
            }
        } catch let error as NoiseError {
            return [close(.handshake(error))]
        } catch let error as FrameError {
            return [close(.frame(error))]
        } catch {
            return [close(.decryption)]
        }
    }

    private mutating func finish(_ frame: [UInt8], _ responder: NoiseResponder) -> [Action] {
        var responder = responder
        do {
            let client = try responder.receive(clientFinish: frame)
            phase = .open(client.transport)
            return [.established(noisePublicKey: client.staticKey, payload: client.payload)]
        } catch {
            return [close(.handshake(error))]
        }
    }

    private mutating func open(_ frame: [UInt8], _ transport: NoiseTransport) -> [Action] {
        var transport = transport
        let plain: [UInt8]
        do {
            plain = try transport.open(frame)
        } catch {
            return [close(.decryption)]
        }
        phase = .open(transport)
        do {
            return [.stanza(try StanzaCodec.decode(plain))]
        } catch {
            return [close(.stanza(error))]
        }
    }

    private mutating func close(_ failure: Failure) -> Action {
        phase = .closed
        return .close(failure)
    }
}

package import Foundation
package import SignalProtocol
package import WhatsAppWire

/// Why a connection's bytes cannot be read, or a stanza cannot be written.
package enum StreamError: Error, Equatable {
    case frame(FrameError)
    case noise(NoiseError)
    case stanza(StanzaError)
    /// A stanza was to be sent before the handshake was through.
    case notOpen
}

/// A connection from its first byte: frames, handshake, cipher, stanzas.
///
/// No socket and no clock.
package struct StreamState: Sendable {
    /// What received bytes lead to.
    package enum Output: Sendable, Equatable {
        /// The handshake's last message, to be sent; stanzas can follow at once.
        case opened(send: [UInt8])
        case stanza(BinaryNode)
    }

    private enum Stage: Sendable {
        case handshake(NoiseInitiator, payload: [UInt8])
        case open(NoiseTransport)
        case broken(StreamError)
    }

    private var stage: Stage
    private var frames = FrameDecoder(role: .client)
    private let limits: StanzaLimits

    /// Starts with the device's Noise key; `payload`, an encoded ClientPayload, is sent as the handshake ends.
    package init(
        staticKey: Curve25519KeyPair,
        ephemeral: Curve25519KeyPair,
        rootKey: [UInt8],
        payload: [UInt8],
        limits: StanzaLimits = .standard
    ) {
        let initiator = NoiseInitiator(staticKey: staticKey, ephemeral: ephemeral, rootKey: rootKey)
        stage = .handshake(initiator, payload: payload)
        self.limits = limits
    }

    /// The first bytes of the connection: prologue and hello.
    package func opening(routingInfo: [UInt8]?) throws(StreamError) -> [UInt8] {
        guard case .handshake(let initiator, _) = stage else { throw .notOpen }
        do {
            return try Frame.opening(initiator.clientHello(), routingInfo: routingInfo)
        } catch {
            throw .frame(error)
        }
    }

    /// Takes what the socket brought; `next` gives what it led to.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        frames.append(bytes)
    }

    /// The next event in the bytes so far; nil when more are needed.
    ///
    /// After an error the same error comes again.
    package mutating func next(now: Date) throws(StreamError) -> Output? {
        do throws(StreamError) {
            if case .broken(let error) = stage { throw error }
            guard let frame = try nextFrame() else { return nil }
            switch stage {
            case .handshake(let initiator, let payload):
                return try finish(initiator, payload: payload, serverHello: frame, now: now)
            case .open(var transport):
                return try .stanza(open(frame, &transport))
            case .broken(let error): throw error
            }
        } catch {
            stage = .broken(error)
            throw error
        }
    }

    /// The bytes that carry a stanza.
    ///
    /// They must be written in the order of the calls.
    package mutating func seal(_ node: BinaryNode) throws(StreamError) -> [UInt8] {
        guard case .open(var transport) = stage else { throw .notOpen }
        let plaintext: [UInt8]
        do {
            plaintext = try StanzaCodec.encode(node)
        } catch {
            throw .stanza(error)
        }
        let sealed: [UInt8]
        do {
            sealed = try transport.seal(plaintext)
        } catch {
            throw .noise(error)
        }
        stage = .open(transport)
        return try frame(sealed)
    }

    private mutating func finish(
        _ initiator: NoiseInitiator,
        payload: [UInt8],
        serverHello: [UInt8],
        now: Date
    ) throws(StreamError) -> Output {
        do {
            let result = try initiator.finish(serverHello: serverHello, payload: payload, now: now)
            stage = .open(result.transport)
            return try .opened(send: Frame.encode(result.clientFinish))
        } catch let error as NoiseError {
            throw .noise(error)
        } catch let error as FrameError {
            throw .frame(error)
        } catch {
            throw .notOpen
        }
    }

    private mutating func open(_ frame: [UInt8], _ transport: inout NoiseTransport) throws(StreamError) -> BinaryNode {
        let plaintext: [UInt8]
        do {
            plaintext = try transport.open(frame)
        } catch {
            throw .noise(error)
        }
        stage = .open(transport)
        do {
            return try StanzaCodec.decode(plaintext, limits: limits)
        } catch {
            throw .stanza(error)
        }
    }

    private mutating func nextFrame() throws(StreamError) -> [UInt8]? {
        do {
            return try frames.next()
        } catch {
            throw .frame(error)
        }
    }

    private func frame(_ payload: [UInt8]) throws(StreamError) -> [UInt8] {
        do {
            return try Frame.encode(payload)
        } catch {
            throw .frame(error)
        }
    }
}

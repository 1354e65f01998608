internal import Foundation
package import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppProtobufs

/// The server's side of the handshakes: XX, IK for a client that knows the server's key, XXfallback for one that is mistaken.
package struct NoiseResponder: Sendable {
    /// What the first message led to.
    package enum Hello: Sendable {
        /// Send this; the client's last message follows.
        case awaitingFinish(serverHello: [UInt8])
        /// Send this; the client has proved itself already (IK).
        case finished(serverHello: [UInt8], client: Client)
    }

    /// Who is at the other end.
    package struct Client: Sendable {
        /// The device's Noise key, 32 bytes.
        package let staticKey: [UInt8]
        /// Encoded ClientPayload.
        package let payload: [UInt8]
        package let transport: NoiseTransport
    }

    private let staticKey: Curve25519KeyPair
    private let ephemeral: Curve25519KeyPair
    private let certificateChain: [UInt8]
    private var pending: NoiseSymmetricState?
    private var isStarted = false

    package init(staticKey: Curve25519KeyPair, ephemeral: Curve25519KeyPair, certificateChain: [UInt8]) {
        self.staticKey = staticKey
        self.ephemeral = ephemeral
        self.certificateChain = certificateChain
    }

    package mutating func receive(clientHello: [UInt8]) throws(NoiseError) -> Hello {
        guard !isStarted else { throw .outOfOrder }
        isStarted = true
        guard let message = try? WAHandshakeMessage(serializedBytes: clientHello), message.hasClientHello else {
            throw .malformedMessage
        }
        let hello = message.clientHello
        guard hello.ephemeral.count == 32 else {
            throw .wrongLength(field: "ephemeral", count: hello.ephemeral.count)
        }
        guard hello.hasStatic, hello.hasPayload else { return try respond(to: hello, with: .xx) }
        do {
            return try resume(hello)
        } catch .authenticationFailed {
            // Sealed for another server key: go on with the same ephemeral in a full handshake.
            return try respond(to: hello, with: .xxFallback)
        }
    }

    package mutating func receive(clientFinish: [UInt8]) throws(NoiseError) -> Client {
        guard var state = pending else { throw .outOfOrder }
        pending = nil
        guard let message = try? WAHandshakeMessage(serializedBytes: clientFinish), message.hasClientFinish else {
            throw .malformedMessage
        }
        let finish = message.clientFinish
        guard finish.static.count == 48 else { throw .wrongLength(field: "static", count: finish.static.count) }
        let clientKey = try state.decryptAndHash(Array(finish.static))
        state.mixKey(try agree(ephemeral, clientKey))
        let payload = try state.decryptAndHash(Array(finish.payload))
        return Client(staticKey: clientKey, payload: payload, transport: transport(of: state))
    }

    private mutating func respond(
        to hello: WAHandshakeMessage.ClientHello,
        with pattern: NoiseSymmetricState.Pattern
    ) throws(NoiseError) -> Hello {
        var state = NoiseSymmetricState(pattern)
        state.mixHash(hello.ephemeral)
        state.mixHash(ephemeral.publicKey)
        state.mixKey(try agree(ephemeral, hello.ephemeral))
        let sealedStatic = try state.encryptAndHash(staticKey.publicKey)
        state.mixKey(try agree(staticKey, hello.ephemeral))
        let sealedChain = try state.encryptAndHash(certificateChain)
        pending = state
        return .awaitingFinish(serverHello: serverHello(static: sealedStatic, payload: sealedChain))
    }

    private func resume(_ hello: WAHandshakeMessage.ClientHello) throws(NoiseError) -> Hello {
        var state = NoiseSymmetricState(.ik)
        state.mixHash(staticKey.publicKey)
        state.mixHash(hello.ephemeral)
        state.mixKey(try agree(staticKey, hello.ephemeral))
        let clientKey = try state.decryptAndHash(Array(hello.static))
        guard clientKey.count == 32 else { throw .wrongLength(field: "static", count: clientKey.count) }
        state.mixKey(try agree(staticKey, clientKey))
        let payload = try state.decryptAndHash(Array(hello.payload))

        state.mixHash(ephemeral.publicKey)
        state.mixKey(try agree(ephemeral, hello.ephemeral))
        state.mixKey(try agree(ephemeral, clientKey))
        let sealedChain = try state.encryptAndHash(certificateChain)
        return .finished(
            serverHello: serverHello(static: nil, payload: sealedChain),
            client: Client(staticKey: clientKey, payload: payload, transport: transport(of: state))
        )
    }

    private func serverHello(static sealedStatic: [UInt8]?, payload: [UInt8]) -> [UInt8] {
        let message = WAHandshakeMessage.with {
            $0.serverHello.ephemeral = Data(ephemeral.publicKey)
            if let sealedStatic { $0.serverHello.static = Data(sealedStatic) }
            $0.serverHello.payload = Data(payload)
        }
        return (try? message.serializedBytes()) ?? []
    }

    private func transport(of state: NoiseSymmetricState) -> NoiseTransport {
        let keys = state.split()
        return NoiseTransport(sendingKey: keys.server, receivingKey: keys.client)
    }
}

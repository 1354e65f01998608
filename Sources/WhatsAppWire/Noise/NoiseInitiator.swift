package import Foundation
package import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppProtobufs

/// The client's side of the Noise XX handshake.
///
/// Call `clientHello`, then `finish` with the server's answer; each once.
package struct NoiseInitiator: Sendable {
    private let staticKey: Curve25519KeyPair
    private let ephemeral: Curve25519KeyPair
    private let rootKey: [UInt8]

    /// - Parameters:
    ///   - staticKey: the device's Noise key, the same for ever.
    ///   - ephemeral: fresh for each connection.
    ///   - rootKey: the only key that may have signed the server's certificates.
    package init(staticKey: Curve25519KeyPair, ephemeral: Curve25519KeyPair, rootKey: [UInt8]) {
        self.staticKey = staticKey
        self.ephemeral = ephemeral
        self.rootKey = rootKey
    }

    /// The payload of the first frame.
    package func clientHello() -> [UInt8] {
        let message = WAHandshakeMessage.with { $0.clientHello.ephemeral = Data(ephemeral.publicKey) }
        return (try? message.serializedBytes()) ?? []
    }

    /// Reads the server's hello, checks its certificates, and makes the last message and the ciphers.
    ///
    /// `payload` is an encoded ClientPayload.
    package func finish(
        serverHello: [UInt8],
        payload: [UInt8],
        now: Date
    ) throws(NoiseError) -> (clientFinish: [UInt8], transport: NoiseTransport) {
        guard let message = try? WAHandshakeMessage(serializedBytes: serverHello), message.hasServerHello else {
            throw .malformedMessage
        }
        let hello = message.serverHello
        guard hello.ephemeral.count == 32 else {
            throw .wrongLength(field: "ephemeral", count: hello.ephemeral.count)
        }
        guard hello.static.count == 48 else { throw .wrongLength(field: "static", count: hello.static.count) }

        var state = NoiseSymmetricState(.xx)
        state.mixHash(ephemeral.publicKey)
        state.mixHash(hello.ephemeral)
        state.mixKey(try agree(ephemeral, hello.ephemeral))
        let serverKey = try state.decryptAndHash(Array(hello.static))
        state.mixKey(try agree(ephemeral, serverKey))
        let chain = try state.decryptAndHash(Array(hello.payload))
        do {
            try CertificateChain.verify(chain, rootKey: rootKey, serverKey: serverKey, now: now)
        } catch {
            throw .certificate(error)
        }

        let sealedStatic = try state.encryptAndHash(staticKey.publicKey)
        state.mixKey(try agree(staticKey, hello.ephemeral))
        let sealedPayload = try state.encryptAndHash(payload)
        let finish = WAHandshakeMessage.with {
            $0.clientFinish.static = Data(sealedStatic)
            $0.clientFinish.payload = Data(sealedPayload)
        }
        let keys = state.split()
        return (
            (try? finish.serializedBytes()) ?? [],
            NoiseTransport(sendingKey: keys.client, receivingKey: keys.server)
        )
    }
}

func agree(_ own: Curve25519KeyPair, _ peer: some Collection<UInt8>) throws(NoiseError) -> SecretBytes {
    do {
        return try own.sharedSecret(with: peer)
    } catch {
        throw .curve(error)
    }
}

import Foundation
import SignalProtocol

@testable import WhatsAppWire

/// The vectors of `Fixtures/handshake.json`.
struct HandshakeFixture: Decodable {
    struct Pair: Decodable {
        let `private`, `public`: Hex

        func keyPair() throws -> Curve25519KeyPair {
            try Curve25519KeyPair(privateKey: `private`.bytes)
        }
    }

    struct Keys: Decodable {
        let clientStatic, clientEphemeral, serverStatic, serverEphemeral, root, intermediate: Pair
    }

    struct Certificates: Decodable {
        let leafDetails, leafSignature, intermediateDetails, intermediateSignature, chain: Hex
    }

    struct Full: Decodable {
        let hashAfterPrologue, hashAfterClientEphemeral, message1, hashAfterServerEphemeral, chainingKey1: Hex
        let sealedServerStatic, hashAfterServerStatic, chainingKey2, hashAfterCertificate, message2: Hex
        let sealedClientStatic, hashAfterClientStatic, chainingKey3, hashAfterPayload, message3: Hex
        let clientWriteKey, clientReadKey: Hex
    }

    struct Resumed: Decodable {
        let hashAfterServerStatic, message1, message2, clientWriteKey, clientReadKey: Hex
    }

    struct Frames: Decodable {
        let ping, ping0, ping1, success, success0: Hex
    }

    struct Genuine: Decodable {
        let details, signature, rootKey: Hex
    }

    let keys: Keys
    let certificates: Certificates
    let payload: Hex
    let xx: Full
    let frames: Frames
    let ik: Resumed
    let genuine: Genuine

    /// Inside the validity of the fixture's certificates.
    static let now = Date(timeIntervalSince1970: 1_766_000_000)

    static func load() throws -> HandshakeFixture {
        let file = Bundle.module.bundleURL.appending(path: "Fixtures/handshake.json")
        return try JSONDecoder().decode(HandshakeFixture.self, from: Data(contentsOf: file))
    }

    func initiator(rootKey: [UInt8]? = nil) throws -> NoiseInitiator {
        NoiseInitiator(
            staticKey: try keys.clientStatic.keyPair(),
            ephemeral: try keys.clientEphemeral.keyPair(),
            rootKey: rootKey ?? keys.root.public.bytes
        )
    }

    func responder(certificateChain: [UInt8]? = nil) throws -> NoiseResponder {
        NoiseResponder(
            staticKey: try keys.serverStatic.keyPair(),
            ephemeral: try keys.serverEphemeral.keyPair(),
            certificateChain: certificateChain ?? certificates.chain.bytes
        )
    }
}

/// The payloads of the frames that some bytes hold.
func payloads(of bytes: [UInt8], role: FrameDecoder.Role) throws -> [[UInt8]] {
    var decoder = FrameDecoder(role: role)
    decoder.append(bytes)
    var payloads: [[UInt8]] = []
    while let payload = try decoder.next() { payloads.append(payload) }
    return payloads
}

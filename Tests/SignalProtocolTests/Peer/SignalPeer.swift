import CSignalPeer

@testable import SignalProtocol

/// A device on Debian's libsignal-protocol-c.
final class SignalPeer {
    struct Failure: Error, Equatable {
        let code: Int32
    }

    private let peer: OpaquePointer
    private let registrationID: UInt32 = 4321

    init() throws {
        guard let peer = signal_peer_create(registrationID) else { throw Failure(code: 0) }
        self.peer = peer
    }

    deinit {
        signal_peer_free(peer)
    }

    func bundle(preKey: UInt32?) throws -> PreKeyBundle {
        var identity = [UInt8](repeating: 0, count: 33)
        var signed = identity
        var signature = [UInt8](repeating: 0, count: 64)
        try check(signal_peer_identity(peer, &identity))
        try check(signal_peer_signed_pre_key(peer, &signed, &signature))
        var oneTime = identity
        if let preKey { try check(signal_peer_pre_key(peer, preKey, &oneTime)) }
        return PreKeyBundle(
            registrationID: registrationID,
            identityKey: Array(identity.dropFirst()),
            signedPreKeyID: 1,
            signedPreKey: Array(signed.dropFirst()),
            signature: signature,
            preKey: preKey.map { ($0, Array(oneTime.dropFirst())) }
        )
    }

    func hasPreKey(_ id: UInt32) -> Bool { signal_peer_has_pre_key(peer, id) == 1 }

    func start(with bundle: PreKeyBundle) throws {
        try check(
            signal_peer_start(
                peer,
                bundle.registrationID,
                [0x05] + bundle.identityKey,
                bundle.signedPreKeyID,
                [0x05] + bundle.signedPreKey,
                bundle.signature,
                bundle.preKey?.id ?? 0,
                bundle.preKey.map { [0x05] + $0.key }
            )
        )
    }

    func encrypt(_ text: [UInt8]) throws -> SignalCiphertext {
        var isPreKeyMessage: Int32 = 0
        let bytes = try output(for: text) { signal_peer_encrypt(peer, text, text.count, $0, $1, &isPreKeyMessage) }
        return isPreKeyMessage == 1 ? .preKeyMessage(bytes) : .message(bytes)
    }

    func decrypt(_ ciphertext: SignalCiphertext) throws -> [UInt8] {
        let bytes = ciphertext.bytes
        let kind: Int32 = ciphertext.isPreKeyMessage ? 1 : 0
        return try output(for: bytes) { signal_peer_decrypt(peer, kind, bytes, bytes.count, $0, $1) }
    }

    func distribution() throws -> [UInt8] {
        try output(for: []) { signal_peer_distribution(peer, $0, $1) }
    }

    func process(distribution: [UInt8]) throws {
        try check(signal_peer_process_distribution(peer, distribution, distribution.count))
    }

    func groupEncrypt(_ text: [UInt8]) throws -> [UInt8] {
        try output(for: text) { signal_peer_group_encrypt(peer, text, text.count, $0, $1) }
    }

    func groupDecrypt(_ message: [UInt8]) throws -> [UInt8] {
        try output(for: message) { signal_peer_group_decrypt(peer, message, message.count, $0, $1) }
    }

    private func check(_ code: Int32) throws {
        guard code >= 0 else { throw Failure(code: code) }
    }

    private func output(
        for input: [UInt8],
        _ call: (UnsafeMutablePointer<UInt8>, Int) -> Int32
    ) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: input.count + 1024)
        let length = bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { call($0, buffer.count) } ?? 0
        }
        try check(length)
        return Array(bytes.prefix(Int(length)))
    }
}

internal import Crypto
internal import SwiftProtobuf
package import WhatsAppProtobufs

/// The request for media that has gone from the servers, and its answer, as they travel between the own devices.
///
/// AES-256-GCM with a key from the media key and the message's id as additional data.
package struct MediaRetryCipher: Sendable {
    /// What stands in `enc_p` and `enc_iv`.
    package struct Sealed: Sendable, Equatable {
        package var payload: [UInt8]
        package var initializationVector: [UInt8]

        package init(payload: some Collection<UInt8>, initializationVector: some Collection<UInt8>) {
            self.payload = Array(payload)
            self.initializationVector = Array(initializationVector)
        }
    }

    private static let payloadLimit = 65_536

    private let key: [UInt8]
    private let messageID: String

    package init(mediaKey: some Collection<UInt8>, messageID: String) throws(MediaCryptoError) {
        guard mediaKey.count == MediaKeys.mediaKeyLength else { throw .invalidKeyLength(mediaKey.count) }
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(mediaKey)),
            info: Array("WhatsApp Media Retry Notification".utf8),
            outputByteCount: 32
        )
        key = derived.withUnsafeBytes { Array($0) }
        self.messageID = messageID
    }

    // MARK: The device that asks

    package func request(initializationVector: [UInt8]) throws(MediaCryptoError) -> Sealed {
        var receipt = WAServerErrorReceipt()
        receipt.stanzaID = messageID
        return try seal(receipt, initializationVector)
    }

    /// Opens the answer; its message id is checked.
    package func answer(from sealed: Sealed) throws(MediaCryptoError) -> WAMediaRetryNotification {
        let plaintext = try open(sealed)
        guard let answer = try? WAMediaRetryNotification(serializedBytes: plaintext), answer.stanzaID == messageID
        else { throw .malformedRetry }
        return answer
    }

    // MARK: The device that is asked

    package func isRequest(_ sealed: Sealed) throws(MediaCryptoError) -> Bool {
        let plaintext = try open(sealed)
        guard let receipt = try? WAServerErrorReceipt(serializedBytes: plaintext) else { throw .malformedRetry }
        return receipt.stanzaID == messageID
    }

    package func seal(
        _ answer: WAMediaRetryNotification,
        initializationVector: [UInt8]
    ) throws(MediaCryptoError) -> Sealed {
        try seal(answer, initializationVector)
    }

    private func seal(_ message: some Message, _ initializationVector: [UInt8]) throws(MediaCryptoError) -> Sealed {
        guard
            let plaintext: [UInt8] = try? message.serializedBytes(),
            let nonce = try? AES.GCM.Nonce(data: initializationVector),
            let box = try? AES.GCM.seal(
                plaintext,
                using: SymmetricKey(data: key),
                nonce: nonce,
                authenticating: Array(messageID.utf8)
            )
        else { throw .malformedRetry }
        return Sealed(payload: Array(box.ciphertext) + Array(box.tag), initializationVector: initializationVector)
    }

    private func open(_ sealed: Sealed) throws(MediaCryptoError) -> [UInt8] {
        guard sealed.initializationVector.count == 12, (16...Self.payloadLimit).contains(sealed.payload.count) else {
            throw .malformedRetry
        }
        guard
            let nonce = try? AES.GCM.Nonce(data: sealed.initializationVector),
            let box = try? AES.GCM.SealedBox(
                nonce: nonce,
                ciphertext: sealed.payload.dropLast(16),
                tag: sealed.payload.suffix(16)
            ),
            let plaintext = try? AES.GCM.open(
                box,
                using: SymmetricKey(data: key),
                authenticating: Array(messageID.utf8)
            )
        else { throw .wrongRetryKey }
        return Array(plaintext)
    }
}

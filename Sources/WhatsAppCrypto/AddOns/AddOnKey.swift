internal import Crypto
internal import Foundation
internal import SignalProtocol
package import WhatsAppWire

/// Why an add-on cannot be read.
package enum AddOnError: Error, Equatable {
    /// The nonce does not have 12 bytes, or the payload is shorter than its tag.
    case malformed
    /// Another secret, target, author or modifier than was thought, or a changed payload.
    case notAuthentic
}

/// An add-on's ciphertext with its nonce.
package struct SealedAddOn: Sendable, Equatable {
    /// Ciphertext and tag.
    package var payload: [UInt8]
    /// 12 bytes.
    package var nonce: [UInt8]

    package init(payload: [UInt8], nonce: [UInt8]) {
        self.payload = payload
        self.nonce = nonce
    }
}

/// The key of what one person adds to one message: a vote, an answer to an event, a secret edit.
///
/// HKDF-SHA256 of the message secret with info = target identifier, author, modifier and use, one after the other; then
/// AES-256-GCM.
package struct AddOnKey: Sendable {
    let key: [UInt8]
    private let additional: [UInt8]

    /// Author (of the target) and modifier are taken without their devices; both in the same namespace.
    package init(secret: some Collection<UInt8>, target: String, author: JID, modifier: JID, use: AddOnUse) {
        let modifier = modifier.withoutDevice.description
        let info = target + author.withoutDevice.description + modifier + use.rawValue
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Data(secret)),
            info: Data(info.utf8),
            outputByteCount: 32
        )
        key = derived.withUnsafeBytes { Array($0) }
        additional = use.isBound ? Array(target.utf8) + [0] + Array(modifier.utf8) : []
    }

    package func seal(_ plaintext: [UInt8], using random: inout some RandomNumberGenerator) -> SealedAddOn {
        seal(plaintext, nonce: randomBytes(12, using: &random))
    }

    /// An empty payload, which nobody can open, if the cipher refuses; it has no reason to.
    func seal(_ plaintext: [UInt8], nonce: [UInt8]) -> SealedAddOn {
        guard
            let box = try? AES.GCM.seal(
                plaintext,
                using: SymmetricKey(data: key),
                nonce: AES.GCM.Nonce(data: nonce),
                authenticating: additional
            )
        else { return SealedAddOn(payload: [], nonce: nonce) }
        return SealedAddOn(payload: Array(box.ciphertext) + Array(box.tag), nonce: nonce)
    }

    package func open(_ sealed: SealedAddOn) throws(AddOnError) -> [UInt8] {
        guard
            sealed.nonce.count == 12, sealed.payload.count >= 16,
            let nonce = try? AES.GCM.Nonce(data: sealed.nonce),
            let box = try? AES.GCM.SealedBox(
                nonce: nonce,
                ciphertext: sealed.payload.dropLast(16),
                tag: sealed.payload.suffix(16)
            )
        else { throw .malformed }
        guard let plaintext = try? AES.GCM.open(box, using: SymmetricKey(data: key), authenticating: additional) else {
            throw .notAuthentic
        }
        return Array(plaintext)
    }

    /// Opens an add-on whose writer may have used either namespace, with the first pair that fits.
    ///
    /// Order: both LIDs, both phone numbers, as received; the tag tells which is right.
    package static func open(
        _ sealed: SealedAddOn,
        secret: some Collection<UInt8>,
        target: String,
        pairs: [(author: JID, modifier: JID)],
        use: AddOnUse
    ) throws(AddOnError) -> [UInt8] {
        for pair in pairs {
            let key = AddOnKey(
                secret: secret,
                target: target,
                author: pair.author,
                modifier: pair.modifier,
                use: use
            )
            do {
                return try key.open(sealed)
            } catch .malformed {
                throw .malformed
            } catch .notAuthentic {
                continue
            }
        }
        throw .notAuthentic
    }
}

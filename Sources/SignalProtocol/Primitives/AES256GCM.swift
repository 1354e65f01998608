internal import CCrypto
package import Crypto

/// AES-256-GCM by libcrypto, which seals a short text in a third of the time that a sealed box takes: that is made of several
/// allocations.
package enum AES256GCM {
    /// Twelve bytes, never used twice with one key.
    package struct Nonce: Sendable {
        package static let length = 12
        fileprivate let words: (UInt32, UInt32, UInt32)

        /// Eight zero bytes and a counter, most significant byte first: as Noise counts.
        package init(counter: UInt32) {
            words = (0, 0, counter.bigEndian)
        }

        /// Nil for another length.
        package init?(_ bytes: some Collection<UInt8>) {
            guard bytes.count == Self.length else { return nil }
            var words: (UInt32, UInt32, UInt32) = (0, 0, 0)
            withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
            self.words = words
        }
    }

    package static let tagLength = 16

    // SAFETY: fetched once and only read; libcrypto's fetched algorithms may be used from any thread.
    nonisolated(unsafe) private static let algorithm = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

    /// Appends the ciphertext and its tag; where that fails, which it does only for lengths that no text has, nothing is appended.
    package static func seal(
        _ plaintext: [UInt8],
        key: SymmetricKey,
        nonce: Nonce,
        authenticating: [UInt8],
        to output: inout [UInt8]
    ) -> Bool {
        let start = output.count
        let isSealed = with(key, nonce, authenticating, encrypting: true) { context in
            transform(plaintext[...], context, room: tagLength, to: &output) { end in
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagLength), end) == 1
            }
        }
        if !isSealed { output.removeSubrange(start...) }
        return isSealed
    }

    /// What was sealed: ciphertext and tag; nil for anything that was not sealed so.
    package static func open(
        _ sealed: ArraySlice<UInt8>,
        key: SymmetricKey,
        nonce: Nonce,
        authenticating: [UInt8]
    ) -> [UInt8]? {
        guard sealed.count >= tagLength else { return nil }
        var plaintext: [UInt8] = []
        plaintext.reserveCapacity(sealed.count - tagLength)
        let isOpened = with(key, nonce, authenticating, encrypting: false) { context in
            var tag = Array(sealed.suffix(tagLength))
            guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagLength), &tag) == 1 else { return false }
            return transform(sealed.dropLast(tagLength), context, room: 0, to: &plaintext) { _ in true }
        }
        return isOpened ? plaintext : nil
    }

    /// Lends a context that knows key, nonce and what is authenticated besides.
    private static func with(
        _ key: SymmetricKey,
        _ nonce: Nonce,
        _ authenticated: [UInt8],
        encrypting: Bool,
        _ body: (OpaquePointer) -> Bool
    ) -> Bool {
        guard key.bitCount == 256, let algorithm, let context = EVP_CIPHER_CTX_new() else { return false }
        defer { EVP_CIPHER_CTX_free(context) }
        let isReady = key.withUnsafeBytes { key in
            withUnsafeBytes(of: nonce.words) { nonce in
                let key = key.assumingMemoryBound(to: UInt8.self).baseAddress
                let nonce = nonce.assumingMemoryBound(to: UInt8.self).baseAddress
                return EVP_CipherInit_ex2(context, algorithm, key, nonce, encrypting ? 1 : 0, nil) == 1
            }
        }
        guard isReady else { return false }
        if !authenticated.isEmpty {
            var written: Int32 = 0
            guard let count = Int32(exactly: authenticated.count),
                EVP_CipherUpdate(context, nil, &written, authenticated, count) == 1
            else { return false }
        }
        return body(context)
    }

    /// Runs the cipher over some bytes, appends the result and lets `finish` write into the room after it.
    private static func transform(
        _ input: ArraySlice<UInt8>,
        _ context: OpaquePointer,
        room: Int,
        to output: inout [UInt8],
        finish: (UnsafeMutablePointer<UInt8>) -> Bool
    ) -> Bool {
        guard let length = Int32(exactly: input.count) else { return false }
        let start = output.count
        // At least one byte, so that there is an address.
        output.append(contentsOf: repeatElement(0, count: input.count + room + 1))
        let isDone = output.withUnsafeMutableBufferPointer { output in
            guard let base = output.baseAddress else { return false }
            var written: Int32 = 0
            var last: Int32 = 0
            if length > 0 {
                let isTaken = input.withUnsafeBufferPointer {
                    EVP_CipherUpdate(context, base + start, &written, $0.baseAddress, length) == 1
                }
                guard isTaken else { return false }
            }
            // A stream cipher: as many bytes come out as went in.
            guard written == length, EVP_CipherFinal_ex(context, base + start + Int(written), &last) == 1 else {
                return false
            }
            return finish(base + start + Int(written))
        }
        output.removeLast()
        return isDone
    }
}

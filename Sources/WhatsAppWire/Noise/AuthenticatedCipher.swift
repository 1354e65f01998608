internal import CCrypto
internal import Crypto

/// AES-256-GCM with the nonce of Noise: eight zero bytes, then a counter.
///
/// Each frame of a connection passes it. libcrypto seals a stanza in a third of the time that a sealed box takes, which is made
/// of several allocations.
enum AuthenticatedCipher {
    static let tagLength = 16

    // SAFETY: fetched once and only read; libcrypto's fetched algorithms may be used from any thread.
    nonisolated(unsafe) private static let algorithm = EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

    /// The ciphertext with its tag.
    static func seal(
        _ plaintext: [UInt8],
        key: SymmetricKey,
        counter: UInt32,
        authenticating: [UInt8]
    ) throws(NoiseError) -> [UInt8] {
        let sealed = with(key, counter, authenticating, encrypting: true) { context in
            transform(plaintext[...], context, room: tagLength) { output in
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagLength), output) == 1 ? tagLength : nil
            }
        }
        guard let sealed else { throw .authenticationFailed }
        return sealed
    }

    /// What was sealed; throws `authenticationFailed` for anything that was not sealed so.
    static func open(
        _ ciphertext: [UInt8],
        key: SymmetricKey,
        counter: UInt32,
        authenticating: [UInt8]
    ) throws(NoiseError) -> [UInt8] {
        guard ciphertext.count >= tagLength else { throw .authenticationFailed }
        let opened = with(key, counter, authenticating, encrypting: false) { context in
            var tag = Array(ciphertext.suffix(tagLength))
            guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagLength), &tag) == 1 else {
                return [UInt8]?.none
            }
            return transform(ciphertext.dropLast(tagLength), context, room: 0) { _ in 0 }
        }
        guard let opened else { throw .authenticationFailed }
        return opened
    }

    /// Lends a context that knows key, nonce and what is authenticated besides.
    private static func with(
        _ key: SymmetricKey,
        _ counter: UInt32,
        _ authenticated: [UInt8],
        encrypting: Bool,
        _ body: (OpaquePointer) -> [UInt8]?
    ) -> [UInt8]? {
        guard key.bitCount == 256, let algorithm, let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        let isReady = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 12) { nonce in
            nonce.initialize(repeating: 0)
            for place in 0..<4 { nonce[8 + place] = UInt8(truncatingIfNeeded: counter >> (24 - 8 * UInt32(place))) }
            return key.withUnsafeBytes { key in
                let key = key.assumingMemoryBound(to: UInt8.self).baseAddress
                return EVP_CipherInit_ex2(context, algorithm, key, nonce.baseAddress, encrypting ? 1 : 0, nil) == 1
            }
        }
        guard isReady else { return nil }
        if !authenticated.isEmpty {
            var written: Int32 = 0
            guard let count = Int32(exactly: authenticated.count),
                EVP_CipherUpdate(context, nil, &written, authenticated, count) == 1
            else { return nil }
        }
        return body(context)
    }

    /// Runs the cipher over some bytes and lets `finish` write what comes after them.
    private static func transform(
        _ input: ArraySlice<UInt8>,
        _ context: OpaquePointer,
        room: Int,
        finish: (UnsafeMutablePointer<UInt8>?) -> Int?
    ) -> [UInt8]? {
        guard let length = Int32(exactly: input.count) else { return nil }
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: input.count + room + 1) { output, count in
            var written: Int32 = 0
            var last: Int32 = 0
            if length > 0 {
                let isTaken = input.withUnsafeBufferPointer {
                    EVP_CipherUpdate(context, output.baseAddress, &written, $0.baseAddress, length) == 1
                }
                guard isTaken else { return }
            }
            let rest = output.baseAddress.map { $0 + Int(written) }
            guard EVP_CipherFinal_ex(context, rest, &last) == 1, let more = finish(rest) else { return }
            count = Int(written) + more
            isDone = true
        }
        return isDone ? output : nil
    }
}

internal import CCrypto

/// Key and initial vector of one AES-256-CBC message with PKCS#7 padding.
struct CBCKeys {
    let cipherKey: Key256
    let iv: (UInt64, UInt64)

    // SAFETY: fetched once and only read; libcrypto's fetched algorithms may be used from any thread.
    nonisolated(unsafe) private static let algorithm = EVP_CIPHER_fetch(nil, "AES-256-CBC", nil)

    private static let blockLength = 16

    func encrypt(_ plaintext: [UInt8]) throws(SignalError) -> [UInt8] {
        guard let length = Int32(exactly: plaintext.count), length < Int32.max - 32 else { throw .malformed }
        let ciphertext = plaintext.withUnsafeBytes { source in
            run(encrypting: true, source: source, length: length, capacity: plaintext.count + Self.blockLength)
        }
        guard let ciphertext else { throw .cipherUnavailable }
        return ciphertext
    }

    /// Throws `malformed` for a length or a padding that cannot be.
    func decrypt(_ ciphertext: ArraySlice<UInt8>) throws(SignalError) -> [UInt8] {
        guard !ciphertext.isEmpty, ciphertext.count.isMultiple(of: Self.blockLength),
            let length = Int32(exactly: ciphertext.count)
        else { throw .malformed }
        let plaintext = ciphertext.withUnsafeBytes { source in
            run(encrypting: false, source: source, length: length, capacity: ciphertext.count + Self.blockLength)
        }
        guard let plaintext else { throw .malformed }
        return plaintext
    }

    private func run(encrypting: Bool, source: UnsafeRawBufferPointer, length: Int32, capacity: Int) -> [UInt8]? {
        guard let algorithm = Self.algorithm, let context = EVP_CIPHER_CTX_new() else { return nil }
        defer { EVP_CIPHER_CTX_free(context) }
        let isReady = cipherKey.withPointer { key in
            withUnsafePointer(to: iv) { iv in
                iv.withMemoryRebound(to: UInt8.self, capacity: Self.blockLength) { iv in
                    EVP_CipherInit_ex2(context, algorithm, key, iv, encrypting ? 1 : 0, nil) == 1
                }
            }
        }
        guard isReady else { return nil }
        var isDone = false
        let output = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            let input = source.bindMemory(to: UInt8.self).baseAddress
            var written: Int32 = 0
            var last: Int32 = 0
            if length > 0 {
                guard EVP_CipherUpdate(context, output.baseAddress, &written, input, length) == 1 else { return }
            }
            let rest = output.baseAddress.map { $0 + Int(written) }
            guard EVP_CipherFinal_ex(context, rest, &last) == 1 else { return }
            count = Int(written) + Int(last)
            isDone = true
        }
        return isDone ? output : nil
    }
}

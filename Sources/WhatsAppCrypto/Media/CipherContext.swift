internal import CCrypto

/// AES-256-CBC of libcrypto with PKCS #7 padding, in one direction.
struct CipherContext: ~Copyable {
    enum Direction: Int32 {
        case decrypt = 0
        case encrypt = 1
    }

    static let blockLength = 16

    private let context: OpaquePointer

    init(_ direction: Direction, keys: MediaKeys) throws(MediaCryptoError) {
        guard let context = EVP_CIPHER_CTX_new() else { throw .outOfMemory }
        guard
            EVP_CipherInit_ex(
                context,
                EVP_aes_256_cbc(),
                nil,
                keys.cipherKey,
                keys.initializationVector,
                direction.rawValue
            ) == 1
        else {
            EVP_CIPHER_CTX_free(context)
            throw .outOfMemory
        }
        self.context = context
    }

    deinit {
        EVP_CIPHER_CTX_free(context)
    }

    /// Writes what is ready, at most a block more than came in; the number of bytes written.
    ///
    /// The output has room for the input and a block.
    borrowing func update(_ input: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(MediaCryptoError) -> Int {
        guard let count = Int32(exactly: input.count), output.count >= input.count + Self.blockLength else {
            throw .outOfMemory
        }
        guard count > 0 else { return 0 }
        var written: Int32 = 0
        let source = input.assumingMemoryBound(to: UInt8.self).baseAddress
        guard EVP_CipherUpdate(context, &output, &written, source, count) == 1 else { throw .outOfMemory }
        return Int(written)
    }

    /// Writes the last block; nil where the padding is wrong.
    borrowing func finish(into output: inout [UInt8]) -> Int? {
        guard output.count >= Self.blockLength else { return nil }
        var written: Int32 = 0
        guard EVP_CipherFinal_ex(context, &output, &written) == 1 else { return nil }
        return Int(written)
    }
}

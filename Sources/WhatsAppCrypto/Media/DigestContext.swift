internal import CCrypto

/// A running SHA-256 of libcrypto.
struct DigestContext: ~Copyable {
    private let context: OpaquePointer

    init() throws(MediaCryptoError) {
        guard let context = EVP_MD_CTX_new() else { throw .outOfMemory }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw .outOfMemory
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    borrowing func update(_ bytes: UnsafeRawBufferPointer) {
        _ = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    borrowing func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Goes on from where another one stands.
    borrowing func restart(from other: borrowing DigestContext) throws(MediaCryptoError) {
        guard EVP_MD_CTX_copy_ex(context, other.context) == 1 else { throw .outOfMemory }
    }

    /// 32 bytes; nothing may be added afterwards.
    borrowing func finish() throws(MediaCryptoError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { throw .outOfMemory }
        return digest
    }
}

/// A running HMAC-SHA256 that can start again with the same key.
struct AuthenticationContext: ~Copyable {
    private let innerStart: DigestContext
    private let outerStart: DigestContext
    private let inner: DigestContext
    private let outer: DigestContext

    /// The key has at most 64 bytes.
    init(key: [UInt8]) throws(MediaCryptoError) {
        guard key.count <= 64 else { throw .invalidKeyLength(key.count) }
        let padded = key + [UInt8](repeating: 0, count: 64 - key.count)
        let innerStart = try DigestContext()
        innerStart.update(padded.map { $0 ^ 0x36 })
        let outerStart = try DigestContext()
        outerStart.update(padded.map { $0 ^ 0x5c })
        let inner = try DigestContext()
        try inner.restart(from: innerStart)
        let outer = try DigestContext()
        self.innerStart = innerStart
        self.outerStart = outerStart
        self.inner = inner
        self.outer = outer
    }

    borrowing func update(_ bytes: UnsafeRawBufferPointer) {
        inner.update(bytes)
    }

    borrowing func update(_ bytes: [UInt8]) {
        inner.update(bytes)
    }

    /// The code over everything since the start or the last call, 32 bytes; then it starts again.
    borrowing func finish() throws(MediaCryptoError) -> [UInt8] {
        let digest = try inner.finish()
        try outer.restart(from: outerStart)
        outer.update(digest)
        try inner.restart(from: innerStart)
        return try outer.finish()
    }
}

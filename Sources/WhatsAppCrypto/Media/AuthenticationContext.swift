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

    /// This one and a hash go on at once.
    borrowing func update(
        _ bytes: UnsafeRawBufferPointer,
        alongside digest: borrowing DigestContext,
        _ digestBytes: UnsafeRawBufferPointer
    ) {
        DigestContext.update(inner, bytes, digest, digestBytes)
    }

    /// This one and another take the same bytes.
    borrowing func update(_ bytes: UnsafeRawBufferPointer, alongside other: borrowing AuthenticationContext) {
        DigestContext.update(inner, bytes, other.inner, bytes)
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

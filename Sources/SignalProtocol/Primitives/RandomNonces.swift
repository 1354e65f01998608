internal import CSodium

/// Nonces of the system's randomness, fetched many at a time: each fetch is a system call.
package struct RandomNonces: Sendable {
    private static let count = 256
    private var bytes: [UInt8] = []
    private var position = 0

    package init() {}

    /// Twelve bytes that were never given before.
    package mutating func next() -> ArraySlice<UInt8> {
        if position == bytes.count {
            bytes = [UInt8](repeating: 0, count: Self.count * AES256GCM.Nonce.length)
            randombytes_buf(&bytes, bytes.count)
            position = 0
        }
        defer { position += AES256GCM.Nonce.length }
        return bytes[position..<position + AES256GCM.Nonce.length]
    }
}

internal import CSodium

/// Key bytes in memory of their own, overwritten when the last reference goes.
///
/// There is no description and no mirror, so that a key cannot slip into a log; `==` takes the same time whatever differs.
package final class SecretBytes: Sendable {
    // SAFETY: written in the initialisers alone, before anybody else holds a reference; read-only until `deinit`.
    nonisolated(unsafe) private let storage: UnsafeMutableRawBufferPointer

    package init(_ bytes: some Collection<UInt8>) {
        storage = .allocate(byteCount: bytes.count, alignment: 8)
        storage.copyBytes(from: bytes)
    }

    deinit {
        sodium_memzero(storage.baseAddress, storage.count)
        storage.deallocate()
    }

    /// Fresh random bytes.
    package static func random(count: Int, using random: inout some RandomNumberGenerator) -> SecretBytes {
        var bytes = randomBytes(count, using: &random)
        defer { overwrite(&bytes) }
        return SecretBytes(bytes)
    }

    package var count: Int { storage.count }

    /// The bytes, for the duration of `body`; the pointer must not leave it.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(storage))
    }

    /// A copy that is not overwritten by itself; for export and for interfaces that take arrays.
    package func reveal() -> [UInt8] {
        Array(storage)
    }
}

extension SecretBytes: Equatable {
    package static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        left.withBytes { left in right.withBytes { right in constantTimeEqual(left, right) } }
    }
}

extension SecretBytes: CustomStringConvertible, CustomReflectable {
    package var description: String { "SecretBytes" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Whether two byte strings are the same, in a time that depends on their lengths alone.
package func constantTimeEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (left, right) in zip(left, right) { difference |= left ^ right }
    return difference == 0
}

/// Bytes from a generator, eight at a time.
package func randomBytes(_ count: Int, using random: inout some RandomNumberGenerator) -> [UInt8] {
    if random is SystemRandomNumberGenerator {
        // All at once, instead of a question to the system for each eight of them.
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { randombytes_buf(start, count) }
            initialized = count
        }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
        withUnsafeBytes(of: random.next() as UInt64) { bytes.append(contentsOf: $0) }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
}

func overwrite(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { sodium_memzero($0.baseAddress, $0.count) }
}

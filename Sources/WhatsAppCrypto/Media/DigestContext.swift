internal import CCrypto
internal import CSHA256

/// A running SHA-256.
///
/// With the processor's own instructions where it has them: two hashes that go on side by side then cost little more
/// than one. Otherwise libcrypto's.
struct DigestContext: ~Copyable {
    private enum Storage {
        case instructions(UnsafeMutablePointer<wharf_sha256>)
        case library(OpaquePointer)
    }

    private static let hasInstructions = wharf_sha256_is_available() != 0

    private let storage: Storage

    init() throws(MediaCryptoError) {
        try self.init(usingLibrary: !Self.hasInstructions)
    }

    init(usingLibrary: Bool) throws(MediaCryptoError) {
        guard usingLibrary else {
            let hash = UnsafeMutablePointer<wharf_sha256>.allocate(capacity: 1)
            hash.initialize(to: wharf_sha256())
            wharf_sha256_start(hash)
            storage = .instructions(hash)
            return
        }
        guard let context = EVP_MD_CTX_new() else { throw .outOfMemory }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw .outOfMemory
        }
        storage = .library(context)
    }

    deinit {
        switch storage {
        case .instructions(let hash): hash.deallocate()
        case .library(let context): EVP_MD_CTX_free(context)
        }
    }

    borrowing func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        switch storage {
        case .instructions(let hash):
            wharf_sha256_update(hash, start.assumingMemoryBound(to: UInt8.self), bytes.count)
        case .library(let context):
            _ = EVP_DigestUpdate(context, start, bytes.count)
        }
    }

    borrowing func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Both go on at once.
    static func update(
        _ first: borrowing DigestContext,
        _ firstBytes: UnsafeRawBufferPointer,
        _ second: borrowing DigestContext,
        _ secondBytes: UnsafeRawBufferPointer
    ) {
        guard
            case .instructions(let firstHash) = first.storage, case .instructions(let secondHash) = second.storage,
            let firstStart = firstBytes.baseAddress, let secondStart = secondBytes.baseAddress
        else {
            first.update(firstBytes)
            second.update(secondBytes)
            return
        }
        wharf_sha256_update_two(
            firstHash,
            firstStart.assumingMemoryBound(to: UInt8.self),
            firstBytes.count,
            secondHash,
            secondStart.assumingMemoryBound(to: UInt8.self),
            secondBytes.count
        )
    }

    /// Goes on from where another one of the same make stands.
    borrowing func restart(from other: borrowing DigestContext) throws(MediaCryptoError) {
        switch (storage, other.storage) {
        case (.instructions(let hash), .instructions(let start)): hash.pointee = start.pointee
        case (.library(let context), .library(let start)) where EVP_MD_CTX_copy_ex(context, start) == 1: return
        default: throw .outOfMemory
        }
    }

    /// 32 bytes; nothing may be added afterwards.
    borrowing func finish() throws(MediaCryptoError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        switch storage {
        case .instructions(let hash): wharf_sha256_finish(hash, &digest)
        case .library(let context):
            guard EVP_DigestFinal_ex(context, &digest, nil) == 1 else { throw .outOfMemory }
        }
        return digest
    }
}

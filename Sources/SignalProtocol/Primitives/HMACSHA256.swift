internal import CCrypto

/// HMAC-SHA256 on the stack.
///
/// A message costs seven to nine of these. The streaming functions of libcrypto need no allocation and no look-up by name,
/// which makes them four times as fast as its EVP interface and as libsodium.
struct HMACSHA256 {
    private var inner = SHA256_CTX()
    private var outer = SHA256_CTX()

    /// Keys of at most 64 bytes, a block; what is beyond is not looked at.
    init(key: UnsafeRawBufferPointer) {
        let block = (key.count + 7) / 8
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { pad in
            pad.initializeMemory(as: UInt8.self, repeating: 0)
            pad.copyMemory(from: UnsafeRawBufferPointer(rebasing: key.prefix(64)))
            let words = pad.bindMemory(to: UInt64.self)
            for index in words.indices { words[index] ^= 0x3636_3636_3636_3636 }
            SHA256_Init(&inner)
            SHA256_Update(&inner, pad.baseAddress, 64)
            for index in words.indices { words[index] ^= 0x3636_3636_3636_3636 ^ 0x5c5c_5c5c_5c5c_5c5c }
            SHA256_Init(&outer)
            SHA256_Update(&outer, pad.baseAddress, 64)
            for index in words.indices.prefix(block) { words[index] = 0 }
        }
    }

    init(key: Key256) {
        self = key.withBytes { HMACSHA256(key: $0) }
    }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&inner, bytes.baseAddress, bytes.count)
    }

    mutating func update(_ byte: UInt8) {
        withUnsafeBytes(of: byte) { update($0) }
    }

    mutating func update(_ key: Key256) {
        key.withBytes { update($0) }
    }

    mutating func finish() -> Key256 {
        var digest = Key256()
        digest.withMutablePointer { digest in
            SHA256_Final(digest, &inner)
            SHA256_Update(&outer, digest, Key256.count)
            SHA256_Final(digest, &outer)
        }
        return digest
    }
}

/// HKDF-SHA256, thirty-two bytes at a time.
struct KeyExpansion {
    private let keyed: HMACSHA256
    private let info: StaticString
    private var previous: Key256?
    private var counter: UInt8 = 0

    /// The salt of «no salt» is zeros.
    init(of material: Key256, salt: Key256 = Key256(), info: StaticString) {
        self = material.withBytes { KeyExpansion(of: $0, salt: salt, info: info) }
    }

    init(of material: UnsafeRawBufferPointer, salt: Key256 = Key256(), info: StaticString) {
        var extract = HMACSHA256(key: salt)
        extract.update(material)
        keyed = HMACSHA256(key: extract.finish())
        self.info = info
    }

    /// The next block; our labels take three at most.
    mutating func next() -> Key256 {
        var block = keyed
        if let previous { block.update(previous) }
        block.update(UnsafeRawBufferPointer(start: info.utf8Start, count: info.utf8CodeUnitCount))
        counter &+= 1
        block.update(counter)
        let output = block.finish()
        previous = output
        return output
    }
}

internal import SignalProtocol

/// What a message says of its file; what it does not say is not checked.
package struct MediaExpectation: Sendable, Equatable {
    package var hash: [UInt8]?
    package var encryptedHash: [UInt8]?
    package var length: UInt64?

    package init(hash: [UInt8]? = nil, encryptedHash: [UInt8]? = nil, length: UInt64? = nil) {
        self.hash = hash
        self.encryptedHash = encryptedHash
        self.length = length
    }
}

/// Decrypts a media file piece by piece, in constant memory, and checks it.
///
/// What it hands on must not be used before ``finish(write:)`` has returned: only then is it known to be right. The
/// first check that fails decides the error: length, hash of the file, authentication code, padding, hash of the content,
/// declared length.
package struct MediaDecryptor: ~Copyable {
    /// An empty file: one block of padding and the authentication code.
    package static let leastLength = CipherContext.blockLength + MediaEncryptor.macLength

    private let expectation: MediaExpectation
    private let limit: UInt64
    private let cipher: CipherContext
    private let plainHash: DigestContext
    private let encryptedHash: DigestContext
    private let code: AuthenticationContext
    private var output: [UInt8]
    /// The last ten bytes so far, which may be the authentication code.
    private var heldBack: [UInt8] = []
    private var length: UInt64 = 0
    private var encryptedLength: UInt64 = 0

    /// `limit` is the greatest length of the content.
    package init(
        keys: MediaKeys,
        expectation: MediaExpectation,
        limit: UInt64 = .max
    ) throws(MediaCryptoError) {
        let cipher = try CipherContext(.decrypt, keys: keys)
        let plainHash = try DigestContext()
        let encryptedHash = try DigestContext()
        let code = try AuthenticationContext(key: keys.macKey)
        code.update(keys.initializationVector)
        self.expectation = expectation
        self.limit = limit
        self.cipher = cipher
        self.plainHash = plainHash
        self.encryptedHash = encryptedHash
        self.code = code
        output = [UInt8](repeating: 0, count: MediaEncryptor.pieceLength + CipherContext.blockLength)
    }

    /// Takes the file's bytes in pieces of any length and hands on what they become.
    package mutating func update(
        _ file: UnsafeRawBufferPointer,
        write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var rest = file
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(MediaEncryptor.pieceLength))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
            encryptedLength += UInt64(piece.count)
            try release(before: piece, write)
        }
    }

    /// Decrypts what can no longer be the authentication code.
    private mutating func release(
        before piece: UnsafeRawBufferPointer,
        _ write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let surplus = heldBack.count + piece.count - MediaEncryptor.macLength
        guard surplus > 0 else {
            encryptedHash.update(piece)
            heldBack += piece
            return
        }
        let fromHeld = min(surplus, heldBack.count)
        try Array(heldBack.prefix(fromHeld)).withUnsafeBytes { held in
            code.update(held)
            try decrypt(held, write)
        }
        heldBack.removeFirst(fromHeld)
        let fromPiece = surplus - fromHeld
        let ciphertext = UnsafeRawBufferPointer(rebasing: piece.prefix(fromPiece))
        code.update(ciphertext, alongside: encryptedHash, piece)
        try decrypt(ciphertext, write)
        heldBack += piece.dropFirst(fromPiece)
    }

    private mutating func decrypt(
        _ ciphertext: UnsafeRawBufferPointer,
        _ write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let count = try cipher.update(ciphertext, into: &output)
        try emit(count, write)
    }

    private mutating func emit(_ count: Int, _ write: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard count > 0 else { return }
        length += UInt64(count)
        guard length <= limit else { throw MediaCryptoError.tooLong(limit: limit) }
        try output.withUnsafeBytes { bytes in
            let plaintext = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
            plainHash.update(plaintext)
            try write(plaintext)
        }
    }

    /// Hands on the last block, checks everything, and gives the length of the content.
    package mutating func finish(write: (UnsafeRawBufferPointer) throws -> Void) throws -> UInt64 {
        let isWhole = encryptedLength >= UInt64(Self.leastLength) && (encryptedLength - 10) % 16 == 0
        guard isWhole else {
            throw MediaCryptoError.invalidLength(Int(clamping: encryptedLength))
        }
        let fileHash = try encryptedHash.finish()
        if let expected = expectation.encryptedHash, !constantTimeEqual(expected, fileHash) {
            throw MediaCryptoError.wrongEncryptedHash
        }
        let mac = try code.finish().prefix(MediaEncryptor.macLength)
        guard constantTimeEqual(mac, heldBack) else { throw MediaCryptoError.wrongMAC }
        guard let last = cipher.finish(into: &output) else { throw MediaCryptoError.wrongPadding }
        try emit(last, write)
        let hash = try plainHash.finish()
        if let expected = expectation.hash, !constantTimeEqual(expected, hash) { throw MediaCryptoError.wrongHash }
        if let declared = expectation.length, declared != length {
            throw MediaCryptoError.wrongLength(declared: declared, actual: length)
        }
        return length
    }
}

extension MediaDecryptor {
    /// Decrypts and checks what is in memory already.
    package static func decrypt(
        _ file: some Collection<UInt8>,
        keys: MediaKeys,
        expectation: MediaExpectation = MediaExpectation(),
        limit: UInt64 = .max
    ) throws(MediaCryptoError) -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(Int(clamping: min(UInt64(file.count), limit)))
        var decryptor = try MediaDecryptor(keys: keys, expectation: expectation, limit: limit)
        do {
            try Array(file).withUnsafeBytes { bytes in try decryptor.update(bytes) { content.append(contentsOf: $0) } }
            _ = try decryptor.finish { content.append(contentsOf: $0) }
            return content
        } catch let error as MediaCryptoError {
            throw error
        } catch {
            throw .outOfMemory
        }
    }
}

/// Checks the hash and length of a file that is not encrypted, as channels have them.
package struct PlainMediaCheck: ~Copyable {
    private let hash: DigestContext
    private let expectation: MediaExpectation
    private var length: UInt64 = 0

    package init(expectation: MediaExpectation) throws(MediaCryptoError) {
        let hash = try DigestContext()
        self.expectation = expectation
        self.hash = hash
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        length += UInt64(bytes.count)
        hash.update(bytes)
    }

    /// The hash; throws where it is not the expected one.
    package func finish() throws(MediaCryptoError) -> [UInt8] {
        let actual = try hash.finish()
        if let expected = expectation.hash, !constantTimeEqual(expected, actual) { throw .wrongHash }
        if let declared = expectation.length, declared != length {
            throw .wrongLength(declared: declared, actual: length)
        }
        return actual
    }
}

/// What is known of a file once it has been encrypted.
package struct MediaDigest: Sendable, Equatable {
    /// SHA-256 of the plaintext.
    package var hash: [UInt8]
    /// SHA-256 of the encrypted file.
    package var encryptedHash: [UInt8]
    package var length: UInt64
    package var encryptedLength: UInt64
    /// Only for kinds that players stream.
    package var streamingSidecar: [UInt8]?
    /// Only where the length of the first frame was told.
    package var firstFrameSidecar: [UInt8]?

    package init(
        hash: [UInt8],
        encryptedHash: [UInt8],
        length: UInt64,
        encryptedLength: UInt64,
        streamingSidecar: [UInt8]? = nil,
        firstFrameSidecar: [UInt8]? = nil
    ) {
        self.hash = hash
        self.encryptedHash = encryptedHash
        self.length = length
        self.encryptedLength = encryptedLength
        self.streamingSidecar = streamingSidecar
        self.firstFrameSidecar = firstFrameSidecar
    }
}

/// Encrypts a media file piece by piece, in constant memory.
///
/// The file is AES-256-CBC of the plaintext, then the first ten bytes of HMAC-SHA256 over IV and ciphertext.
package struct MediaEncryptor: ~Copyable {
    /// Small enough that a piece stays in the processor's cache through all passes over it.
    static let pieceLength = 32_768
    package static let macLength = 10

    private let cipher: CipherContext
    private let plainHash: DigestContext
    private let encryptedHash: DigestContext
    private let code: AuthenticationContext
    private var sidecar: SidecarState?
    private var firstFrame: FirstFrameState
    private var output: [UInt8]
    private var length: UInt64 = 0
    private var encryptedLength: UInt64 = 0

    /// `firstFrameLength` is for animated stickers: the bytes up to the end of the first frame.
    package init(
        keys: MediaKeys,
        withSidecar: Bool,
        firstFrameLength: UInt64? = nil
    ) throws(MediaCryptoError) {
        let cipher = try CipherContext(.encrypt, keys: keys)
        let plainHash = try DigestContext()
        let encryptedHash = try DigestContext()
        let code = try AuthenticationContext(key: keys.macKey)
        code.update(keys.initializationVector)
        let sidecar = withSidecar ? try SidecarState(keys: keys) : nil
        let firstFrame = try FirstFrameState(keys: keys, length: firstFrameLength ?? 0)
        self.cipher = cipher
        self.plainHash = plainHash
        self.encryptedHash = encryptedHash
        self.code = code
        self.sidecar = sidecar
        self.firstFrame = firstFrame
        output = [UInt8](repeating: 0, count: Self.pieceLength + CipherContext.blockLength)
    }

    /// Takes plaintext of any length and hands on what it becomes, in pieces.
    package mutating func update(
        _ plaintext: UnsafeRawBufferPointer,
        write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var rest = plaintext
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceLength))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece.count))
            length += UInt64(piece.count)
            let written = try cipher.update(piece, into: &output)
            try emit(written, of: piece, write)
        }
    }

    /// Hands on the last block and the authentication code.
    package mutating func finish(write: (UnsafeRawBufferPointer) throws -> Void) throws -> MediaDigest {
        guard let last = cipher.finish(into: &output) else { throw MediaCryptoError.outOfMemory }
        try emit(last, of: UnsafeRawBufferPointer(start: nil, count: 0), write)
        let mac = Array(try code.finish().prefix(Self.macLength))
        try mac.withUnsafeBytes { bytes in
            encryptedHash.update(bytes)
            encryptedLength += UInt64(bytes.count)
            try write(bytes)
        }
        try sidecar?.updateLast(mac)
        return MediaDigest(
            hash: try plainHash.finish(),
            encryptedHash: try encryptedHash.finish(),
            length: length,
            encryptedLength: encryptedLength,
            streamingSidecar: try sidecar?.finish(),
            firstFrameSidecar: firstFrame.sidecar
        )
    }

    /// Hashes a piece of plaintext and what became of it; the ciphertext is late by less than a block.
    private mutating func emit(
        _ count: Int,
        of piece: UnsafeRawBufferPointer,
        _ write: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        encryptedLength += UInt64(count)
        try output.withUnsafeBytes { bytes in
            let ciphertext = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
            DigestContext.update(plainHash, piece, encryptedHash, ciphertext)
            guard count > 0 else { return }
            if sidecar == nil {
                code.update(ciphertext)
            } else {
                try sidecar?.update(ciphertext, alongside: code)
            }
            try firstFrame.update(ciphertext)
            try write(ciphertext)
        }
    }
}

extension MediaEncryptor {
    /// Encrypts what is in memory already.
    package static func encrypt(
        _ plaintext: [UInt8],
        keys: MediaKeys,
        withSidecar: Bool,
        firstFrameLength: UInt64? = nil
    ) throws(MediaCryptoError) -> (file: [UInt8], digest: MediaDigest) {
        var file: [UInt8] = []
        file.reserveCapacity(plaintext.count + CipherContext.blockLength + macLength)
        var encryptor = try MediaEncryptor(keys: keys, withSidecar: withSidecar, firstFrameLength: firstFrameLength)
        do {
            try plaintext.withUnsafeBytes { bytes in try encryptor.update(bytes) { file.append(contentsOf: $0) } }
            let digest = try encryptor.finish { file.append(contentsOf: $0) }
            return (file, digest)
        } catch let error as MediaCryptoError {
            throw error
        } catch {
            throw .outOfMemory
        }
    }
}

/// The code over the part of an animated sticker that its first frame needs.
struct FirstFrameState: ~Copyable {
    private let code: AuthenticationContext
    /// What of the ciphertext is still to come, whole blocks.
    private var missing: UInt64
    private(set) var sidecar: [UInt8]?

    /// A length of zero stands for no animation.
    init(keys: MediaKeys, length: UInt64) throws(MediaCryptoError) {
        let code = try AuthenticationContext(key: keys.macKey)
        code.update(keys.initializationVector)
        self.code = code
        let (rounded, isTooLong) = length.addingReportingOverflow(15)
        missing = isTooLong ? UInt64.max : rounded & ~15
    }

    mutating func update(_ ciphertext: UnsafeRawBufferPointer) throws(MediaCryptoError) {
        guard missing > 0 else { return }
        let piece = UnsafeRawBufferPointer(rebasing: ciphertext.prefix(Int(min(missing, UInt64(ciphertext.count)))))
        code.update(piece)
        missing -= UInt64(piece.count)
        if missing == 0 { sidecar = Array(try code.finish().prefix(MediaEncryptor.macLength)) }
    }
}

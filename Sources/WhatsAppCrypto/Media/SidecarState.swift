/// The streaming sidecar of a file: an authentication code for each 64 KiB with the block before them.
///
/// With S = IV ‖ ciphertext ‖ MAC, entry n covers S[n·65536 ..< n·65536 + 65552] and is cut to ten bytes; the last window
/// may be shorter.
struct SidecarState: ~Copyable {
    private static let step = 65_536
    private static let overlap = 16
    private static let entryLength = 10

    private let code: AuthenticationContext
    /// How much of the present window has been seen.
    private var filled = 0
    /// The last bytes seen, for the next window's start.
    private var tail: [UInt8] = []
    private var entries: [UInt8] = []

    init(keys: MediaKeys) throws(MediaCryptoError) {
        let code = try AuthenticationContext(key: keys.macKey)
        code.update(keys.initializationVector)
        self.code = code
        filled = keys.initializationVector.count
        tail = keys.initializationVector
    }

    /// The next bytes of S after the IV; the file's own code takes them too.
    mutating func update(
        _ bytes: UnsafeRawBufferPointer,
        alongside file: borrowing AuthenticationContext
    ) throws(MediaCryptoError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = min(rest.count, Self.step + Self.overlap - filled)
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(count))
            code.update(piece, alongside: file)
            filled += count
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            remember(piece)
            if filled == Self.step + Self.overlap {
                try close()
                code.update(tail)
                filled = Self.overlap
            }
        }
    }

    /// The authentication code at the end, which the file's own code does not cover.
    mutating func updateLast(_ bytes: [UInt8]) throws(MediaCryptoError) {
        for byte in bytes {
            code.update([byte])
            filled += 1
            tail = (tail + [byte]).suffix(Self.overlap)
            if filled == Self.step + Self.overlap {
                try close()
                code.update(tail)
                filled = Self.overlap
            }
        }
    }

    private mutating func remember(_ piece: UnsafeRawBufferPointer) {
        if piece.count >= Self.overlap {
            tail = Array(piece.suffix(Self.overlap))
        } else {
            tail = (tail + piece).suffix(Self.overlap)
        }
    }

    private mutating func close() throws(MediaCryptoError) {
        entries += try code.finish().prefix(Self.entryLength)
    }

    /// All entries, one after the other.
    mutating func finish() throws(MediaCryptoError) -> [UInt8] {
        if filled > Self.overlap { try close() }
        return entries
    }
}

import WhatsApp
import WhatsAppCrypto

/// Media files, to be broken, cut off and described falsely.
struct MediaCorpus {
    private let keys: MediaKeys
    private let contents: [[UInt8]]
    private let files: [[UInt8]]
    private let digests: [MediaDigest]

    init() throws {
        keys = try MediaKeys(mediaKey: [UInt8](repeating: 3, count: 32), kind: .image)
        contents = [0, 1, 15, 16, 17, 1_000].map { length in (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) } }
        let keys = keys
        let made = try contents.map { try MediaEncryptor.encrypt($0, keys: keys, withSidecar: false) }
        files = made.map(\.file)
        digests = made.map(\.digest)
    }

    /// Only the untouched file is taken, whatever the message says; pieces are of any length.
    func decryption() -> FuzzTarget {
        let mutation = Mutation(corpus: files)
        return FuzzTarget(name: "media file", share: 10) { random in
            let index = random.number(0...files.count - 1)
            let isTouched = random.number(0...9) > 0
            let file = isTouched ? mutation.input(&random) : files[index]
            var expectation = MediaExpectation()
            if random.number(0...1) == 0 { expectation.encryptedHash = digests[index].encryptedHash }
            if random.number(0...1) == 0 { expectation.hash = digests[index].hash }
            if random.number(0...3) == 0 { expectation.length = UInt64(random.number(0...2_000)) }
            let limit = UInt64(random.number(0...2_000))
            guard let content = try? decrypt(file, expectation, limit, &random) else { return .refused }
            guard UInt64(content.count) <= limit else { return .unsound("is longer than allowed") }
            guard files.contains(file), contents.contains(content) else { return .unsound("was made by nobody") }
            if let length = expectation.length, length != UInt64(content.count) {
                return .unsound("has another length")
            }
            return .accepted
        }
    }

    private func decrypt(
        _ file: [UInt8],
        _ expectation: MediaExpectation,
        _ limit: UInt64,
        _ random: inout SplitMix
    ) throws -> [UInt8] {
        var decryptor = try MediaDecryptor(keys: keys, expectation: expectation, limit: limit)
        var content: [UInt8] = []
        var position = 0
        while position < file.count {
            let end = min(file.count, position + random.number(1...300))
            try file[position..<end].withUnsafeBytes { try decryptor.update($0) { content += $0 } }
            position = end
        }
        _ = try decryptor.finish { content += $0 }
        return content
    }

    /// Pictures, videos and voice notes that are looked at before they are sent.
    func formats() -> FuzzTarget {
        let webp: [UInt8] =
            Array("RIFF".utf8) + [22, 0, 0, 0] + Array("WEBPVP8L".utf8) + [
                10, 0, 0, 0, 0x2f, 1, 0, 0, 0, 0, 0, 0, 0, 0,
            ]
        let png: [UInt8] = [
            0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1,
        ]
        let jpeg: [UInt8] = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 0, 1, 0, 1]
        let movie: [UInt8] =
            [0, 0, 0, 48] + Array("moov".utf8) + [0, 0, 0, 40] + Array("mvhd".utf8) + [UInt8](repeating: 1, count: 32)
        let voice: [UInt8] =
            Array("OggS".utf8) + [UInt8](repeating: 0, count: 22) + [1, 8] + Array("OpusHead".utf8) + [1, 1, 0, 0]
        let mutation = Mutation(
            corpus: [webp, png, jpeg, movie, voice],
            pieces: ["VP8X", "ANMF", "EXIF", "acTL", "trak", "tkhd", "OggS"].map { Array($0.utf8) }
        )
        let metadata = StickerMetadata(packID: "1", packName: "two", publisher: "three", emojis: ["😀"])
        return FuzzTarget(name: "media format", share: 6) { random in
            let bytes = mutation.input(&random)
            let image = ImageFormat(bytes)
            let movie = MP4Format(bytes)
            let voice = OggFormat(bytes)
            _ = StickerMetadata(webp: bytes)
            if let written = metadata.written(into: bytes) {
                guard StickerMetadata(webp: written) == metadata else { return .unsound("lost its metadata") }
            }
            return image != nil || movie != nil || voice != nil ? .accepted : .refused
        }
    }
}

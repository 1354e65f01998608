import Testing
import WhatsApp

struct FormatTests {
    private static func big(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func little(_ number: Int, _ count: Int) -> [UInt8] { big(number, count).reversed() }

    private static func riff(_ chunks: [UInt8]) -> [UInt8] {
        Array("RIFF".utf8) + little(chunks.count + 4, 4) + Array("WEBP".utf8) + chunks
    }

    private static func chunk(_ tag: String, _ content: [UInt8]) -> [UInt8] {
        Array(tag.utf8) + little(content.count, 4) + content + (content.count % 2 == 1 ? [0] : [])
    }

    private static func box(_ type: String, _ content: [UInt8]) -> [UInt8] {
        big(content.count + 8, 4) + Array(type.utf8) + content
    }

    private static let jpeg: [UInt8] =
        [0xff, 0xd8, 0xff, 0xe0] + big(16, 2) + [UInt8](repeating: 0, count: 14)
        + [0xff, 0xff, 0xc2] + big(17, 2) + [8] + big(480, 2) + big(640, 2)
    private static let png: [UInt8] =
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + big(13, 4) + Array("IHDR".utf8) + big(300, 4) + big(200, 4)
        + [8, 6, 0, 0, 0] + big(0, 4)
    private static let lossy = riff(chunk("VP8 ", [0, 0, 0, 0x9d, 0x01, 0x2a] + little(512, 2) + little(511, 2)))
    private static let lossless = riff(chunk("VP8L", [0x2f] + little(511 | 255 << 14 | 1 << 28, 4) + [1]))
    private static let animated = riff(
        chunk("VP8X", [0x02, 0, 0, 0] + little(99, 3) + little(49, 3)) + chunk("ANIM", [0, 0, 0, 0, 0, 0])
            + chunk("ANMF", [UInt8](repeating: 7, count: 25)) + chunk("ANMF", [UInt8](repeating: 8, count: 9))
    )

    private static func movie(rotated: Bool, long: Bool) -> [UInt8] {
        let times = [UInt8](repeating: 0, count: long ? 16 : 8)
        let header = [long ? 1 : 0, 0, 0, 0] + times + big(1_000, 4) + big(12_500, long ? 8 : 4)
        let matrix =
            rotated
            ? big(0, 4) + big(0x10000, 4) + [UInt8](repeating: 0, count: 28)
            : big(0x10000, 4) + [UInt8](repeating: 0, count: 32)
        let track = [UInt8](repeating: 0, count: 24) + [UInt8](repeating: 0, count: 16) + matrix
        let video = box("trak", box("tkhd", track + big(1_280 << 16, 4) + big(720 << 16, 4)))
        let audio = box("trak", box("tkhd", track + big(0, 8)))
        return box("ftyp", Array("isom".utf8)) + box("mdat", [1, 2, 3])
            + box("moov", box("mvhd", header) + audio + video)
    }

    private static func ogg(_ position: Int) -> [UInt8] {
        func page(_ position: Int, _ content: [UInt8]) -> [UInt8] {
            Array("OggS".utf8) + [0, 2] + little(position, 8) + [UInt8](repeating: 0, count: 12)
                + [1, UInt8(content.count)] + content
        }
        return page(0, Array("OpusHead".utf8) + [1, 1] + little(312, 2) + [0, 0, 0, 0, 0, 0, 0])
            + page(960, [1, 2, 3]) + page(position, [4, 5, 6])
    }

    @Test func sizesOfPicturesAreRead() throws {
        func size(_ bytes: [UInt8]) throws -> [Int] {
            let format = try #require(ImageFormat(bytes))
            return [format.width, format.height, format.isAnimated ? 1 : 0]
        }
        #expect(try size(Self.jpeg) == [640, 480, 0])
        #expect(try size(Self.png) == [300, 200, 0])
        #expect(try size(Self.lossy) == [512, 511, 0])
        #expect(try size(Self.lossless) == [512, 256, 0])
        #expect(try size(Self.animated) == [100, 50, 1])
        #expect(try size(Array("GIF89a".utf8) + [10, 0, 20, 0]) == [10, 20, 1])
        #expect(ImageFormat(Self.png)?.mimeType == "image/png")
    }

    @Test func videoTellsItsLengthAndSize() throws {
        let plain = try #require(MP4Format(Self.movie(rotated: false, long: false)))
        #expect(plain.seconds == 12.5)
        #expect([plain.width, plain.height] == [1_280, 720])
        let turned = try #require(MP4Format(Self.movie(rotated: true, long: true)))
        #expect(turned.seconds == 12.5)
        #expect([turned.width, turned.height] == [720, 1_280])
    }

    @Test func voiceNoteTellsItsLength() throws {
        let format = try #require(OggFormat(Self.ogg(96_312)))
        #expect(format.seconds == 2)
        #expect(format.channels == 1)
        #expect(OggFormat(Self.ogg(1))?.seconds == 0)
    }

    @Test func cutOffAndBrokenFilesAreNoTrap() {
        let samples = [
            Self.jpeg, Self.png, Self.lossy, Self.lossless, Self.animated, Self.movie(rotated: false, long: true),
            Self.ogg(96_312),
        ]
        var random = SystemRandomNumberGenerator()
        let metadata = StickerMetadata(packID: "1", packName: "a", publisher: "b")
        for sample in samples {
            for length in sample.indices { read(Array(sample.prefix(length)), metadata) }
            for _ in 0..<2_000 {
                var broken = sample
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    broken[Int.random(in: broken.indices, using: &random)] =
                        [0, 1, 0x7f, 0x80, 0xff].randomElement() ?? 0
                }
                read(broken, metadata)
            }
        }
    }

    private func read(_ bytes: [UInt8], _ metadata: StickerMetadata) {
        _ = ImageFormat(bytes)
        _ = MP4Format(bytes)
        _ = OggFormat(bytes)
        _ = StickerMetadata(webp: bytes)
        if let written = metadata.written(into: bytes) {
            #expect(StickerMetadata(webp: written) == metadata)
        }
    }

    @Test func metadataIsWrittenIntoStickers() throws {
        let metadata = StickerMetadata(packID: "id/1", packName: "Pack \"é\"", publisher: "Ada", emojis: ["😀", "🎉"])
        for sample in [Self.lossy, Self.lossless, Self.animated] {
            let written = try #require(metadata.written(into: sample))
            #expect(StickerMetadata(webp: written) == metadata)
            #expect(ImageFormat(written)?.width == ImageFormat(sample)?.width)
            #expect(ImageFormat(written)?.isAnimated == ImageFormat(sample)?.isAnimated)
            // Again, in place of what is there.
            let other = StickerMetadata(packID: "2", packName: "", publisher: "")
            let again = try #require(other.written(into: written))
            #expect(StickerMetadata(webp: again) == other)
            #expect(again.count < written.count)
        }
        #expect(metadata.written(into: Self.png) == nil)
        #expect(StickerMetadata(webp: Self.lossy) == nil)
        // The TIFF header that other clients write and read.
        #expect(metadata.exif.starts(with: [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 1, 0, 0x41, 0x57, 7, 0]))
        #expect(metadata.exif[18...21] == [0x16, 0, 0, 0])
    }

    @Test func firstFrameOfAnAnimationIsMeasured() {
        // RIFF header, VP8X, ANIM, then one ANMF of odd length with its padding.
        #expect(StickerMetadata.firstFrameLength(ofWebP: Self.animated) == 12 + 18 + 14 + 34)
        #expect(StickerMetadata.firstFrameLength(ofWebP: Self.lossy) == nil)
    }

    @Test func waveformIsRelativeToTheLoudestPart() {
        let samples = (0..<6_400).map { Float($0 / 100) * ($0 % 2 == 0 ? 1 : -1) }
        let wave = Waveform.make(from: samples)
        #expect(wave.count == 64)
        #expect(wave.first == 0)
        #expect(wave.last == 100)
        #expect(wave[32] == UInt8(Double(32) / 63 * 100))
        #expect(Waveform.make(from: [Float]()) == [UInt8](repeating: 0, count: 64))
        #expect(Waveform.make(from: [Int16](repeating: 0, count: 10)) == [UInt8](repeating: 0, count: 64))
        #expect(Waveform.make(from: [Int16](repeating: .min, count: 10)) == [UInt8](repeating: 100, count: 64))
        #expect(Waveform.make(from: [Float.nan, .infinity, 1]).count == 64)
    }
}

import Compression
import Testing

@Suite struct CompressionTests {
    @Test(arguments: [0, 1, 100, 5000, 300_000]) func bothFormatsComeBack(count: Int) throws {
        var random = SeededGenerator(seed: 1)
        let noise = random.bytes(count)
        let text = [UInt8](repeating: 0x41, count: count)
        for bytes in [noise, text] {
            for format in [Compression.Format.zlib, .gzip] {
                let packed = try Compression.deflate(bytes, format: format)
                #expect(try Compression.inflate(packed, format: format, limit: count) == bytes)
                #expect(try Compression.inflate(packed, format: .automatic, limit: .max) == bytes)
            }
        }
    }

    @Test func resultBeyondTheLimitIsRefused() throws {
        let packed = try Compression.deflate([UInt8](repeating: 0, count: 1000), format: .zlib)
        #expect(throws: CompressionError.tooLarge(limit: 999)) {
            try Compression.inflate(packed, format: .zlib, limit: 999)
        }
        #expect(throws: CompressionError.tooLarge(limit: 0)) {
            try Compression.inflate(packed, format: .zlib, limit: 0)
        }
    }

    @Test func bombIsRefusedAtItsLimit() throws {
        let packed = try Compression.deflate([UInt8](repeating: 0, count: 64 << 20), format: .gzip, level: 9)
        #expect(packed.count < 100_000)
        #expect(throws: CompressionError.tooLarge(limit: 1 << 20)) {
            try Compression.inflate(packed, format: .automatic, limit: 1 << 20)
        }
    }

    @Test func everyTruncationIsNoticed() throws {
        for format in [Compression.Format.zlib, .gzip] {
            let packed = try Compression.deflate(Array("a stanza, a stanza, my kingdom".utf8), format: format)
            for count in 0..<packed.count {
                #expect(throws: CompressionError.self, "\(count) bytes of \(packed.count)") {
                    try Compression.inflate(packed.prefix(count), format: .automatic, limit: 4096)
                }
            }
        }
    }

    @Test func bytesAfterTheEndAreAnError() throws {
        let packed = try Compression.deflate([1, 2, 3], format: .zlib)
        #expect(throws: CompressionError.malformed) {
            try Compression.inflate(packed + [0], format: .zlib, limit: 100)
        }
    }

    @Test func anyBytesUnpackOrAreRefused() {
        for seed in UInt64(1)...2000 {
            var random = SeededGenerator(seed: seed)
            var bytes = random.bytes(random.number(0...200))
            // A header that is right lets the rest be looked at.
            if random.number(0...1) == 0 { bytes = [0x78, 0x9c] + bytes }
            do throws(CompressionError) {
                let unpacked = try Compression.inflate(bytes, format: .automatic, limit: 10_000)
                #expect(unpacked.count <= 10_000, "seed \(seed)")
            } catch {
                #expect(error != .outOfMemory, "seed \(seed)")
            }
        }
    }
}

/// The frames of an animated WebP, as its container tells of them; nothing is decoded.
struct AnimatedWebP: Sendable {
    struct Frame: Sendable {
        var x: Int
        var y: Int
        var milliseconds: Int
        /// Drawn over what is there, rather than in its place.
        var isBlended: Bool
        /// Its place is emptied before the next one.
        var isDisposed: Bool
        /// A WebP of its own.
        var file: [UInt8]
    }

    let width: Int
    let height: Int
    let frames: [Frame]

    private static let sideLimit = 2_048
    private static let frameLimit = 600

    /// Nil where it is a still picture; throws where it is broken or too large.
    init?(_ bytes: [UInt8]) throws(ToolError) {
        var chunks = ChunkWalk(bytes[...], from: 12)
        guard let first = try chunks.next(), first.tag == "VP8X", first.content.count >= 10 else { return nil }
        let header = Array(first.content)
        guard header[0] & 0x02 != 0 else { return nil }
        width = Self.number(header, 4) + 1
        height = Self.number(header, 7) + 1
        guard width <= Self.sideLimit, height <= Self.sideLimit else { throw .inputTooLarge(limit: Self.sideLimit) }
        var frames: [Frame] = []
        while let chunk = try chunks.next() {
            guard chunk.tag == "ANMF" else { continue }
            guard frames.count < Self.frameLimit else { throw .inputTooLarge(limit: Self.frameLimit) }
            frames.append(try Self.frame(Array(chunk.content)))
        }
        guard !frames.isEmpty else { throw .unsupportedInput }
        self.frames = frames
    }

    private static func frame(_ content: [UInt8]) throws(ToolError) -> Frame {
        guard content.count > 16 else { throw .unsupportedInput }
        let width = number(content, 6) + 1
        let height = number(content, 9) + 1
        var body: [UInt8] = []
        var hasAlpha = false
        var chunks = ChunkWalk(content[...], from: 16)
        while let chunk = try chunks.next() {
            guard ["ALPH", "VP8 ", "VP8L"].contains(chunk.tag) else { continue }
            if chunk.tag == "ALPH" { hasAlpha = true }
            body += chunk.whole
        }
        guard !body.isEmpty else { throw .unsupportedInput }
        if hasAlpha {
            let size = little(width - 1).prefix(3) + little(height - 1).prefix(3)
            body = Array("VP8X".utf8) + little(10) + [0x10, 0, 0, 0] + size + body
        }
        return Frame(
            x: number(content, 0) * 2,
            y: number(content, 3) * 2,
            milliseconds: number(content, 12),
            isBlended: content[15] & 0x02 == 0,
            isDisposed: content[15] & 0x01 != 0,
            file: Array("RIFF".utf8) + little(body.count + 4) + Array("WEBP".utf8) + body
        )
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
        Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 | Int(bytes[offset + 2]) << 16
    }

    private static func little(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}

/// Goes through the chunks of a RIFF file without trusting their lengths.
private struct ChunkWalk {
    struct Chunk {
        let tag: String
        let content: ArraySlice<UInt8>
        /// With its head, and filled up to an even length.
        let whole: [UInt8]
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var left = 4_096

    init(_ bytes: ArraySlice<UInt8>, from offset: Int) {
        self.bytes = bytes
        position = bytes.startIndex + min(offset, bytes.count)
    }

    mutating func next() throws(ToolError) -> Chunk? {
        guard position + 8 <= bytes.endIndex, left > 0 else { return nil }
        left -= 1
        let head = bytes[position..<position + 8]
        let length = head.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.endIndex - position - 8 else { throw .unsupportedInput }
        let content = bytes[position + 8..<position + 8 + length]
        position = min(bytes.endIndex, position + 8 + length + length % 2)
        let tag = String(decoding: head.prefix(4), as: UTF8.self)
        return Chunk(tag: tag, content: content, whole: Array(head) + content + (length % 2 == 1 ? [0] : []))
    }
}

/// A piece of a webp file.
struct WebPChunk {
    let tag: String
    let content: ArraySlice<UInt8>

    private static let countLimit = 4_096

    /// All chunks of a file; nil where it is cut off or not a webp.
    static func all(in file: [UInt8]) -> [WebPChunk]? {
        var reader = FormatReader(file)
        guard reader.tag() == "RIFF", let length = reader.littleEndian(4), reader.tag() == "WEBP" else { return nil }
        guard length >= 4, length <= UInt64(file.count - 8) else { return nil }
        let end = 8 + Int(length)
        var chunks: [WebPChunk] = []
        while reader.position + 8 <= end, chunks.count < countLimit {
            guard
                let tag = reader.tag(), tag.utf8.count == 4, let length = reader.littleEndian(4),
                let content = reader.take(Int(length))
            else { return nil }
            chunks.append(WebPChunk(tag: tag, content: content))
            if length % 2 == 1 { reader.skip(1) }
        }
        return chunks
    }

    static func file(of chunks: [WebPChunk]) -> [UInt8] {
        var body = Array("WEBP".utf8)
        for chunk in chunks {
            body += Array(chunk.tag.utf8) + bytes(of: UInt32(truncatingIfNeeded: chunk.content.count)) + chunk.content
            if chunk.content.count % 2 == 1 { body.append(0) }
        }
        return Array("RIFF".utf8) + bytes(of: UInt32(truncatingIfNeeded: body.count)) + body
    }

    static func bytes(of number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    /// The bytes up to and including the first frame of an animation; nil for a still picture.
    static func firstFrameLength(of file: [UInt8]) -> UInt64? {
        var reader = FormatReader(file)
        guard reader.tag() == "RIFF", reader.take(4) != nil, reader.tag() == "WEBP" else { return nil }
        var count = 0
        while count < countLimit, let tag = reader.tag(), let length = reader.littleEndian(4) {
            guard reader.take(Int(length)) != nil else { return nil }
            if length % 2 == 1 { reader.skip(1) }
            if tag == "ANMF" { return UInt64(reader.position) }
            count += 1
        }
        return nil
    }
}

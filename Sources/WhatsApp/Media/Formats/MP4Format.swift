/// What an MP4's boxes say of it: how long it plays and how large its picture is.
package struct MP4Format: Sendable, Equatable {
    package let seconds: Double
    /// Nil where there is no picture, as in audio files; after the rotation that players apply.
    package let width: Int?
    package let height: Int?

    /// Boxes looked at before giving up; real files have a few dozen.
    private static let boxLimit = 512

    /// The `moov` box, wherever it stands: at the start where the file is made for streaming, else at the end.
    ///
    /// Nil where there is none, or it tells no duration.
    package init?(_ bytes: some Collection<UInt8>) {
        var walk = BoxWalk(FormatReader(bytes), limit: Self.boxLimit)
        guard let movie = walk.find("moov", in: nil) else { return nil }
        guard let header = walk.find("mvhd", in: movie), let seconds = walk.duration(header) else { return nil }
        self.seconds = seconds
        var size: (width: Int, height: Int)?
        walk.forEach("trak", in: movie) { walk, track in
            guard let header = walk.find("tkhd", in: track), let found = walk.size(header) else { return }
            if size.map({ $0.width * $0.height < found.width * found.height }) ?? true { size = found }
        }
        width = size?.width
        height = size?.height
    }
}

/// Goes through the boxes of an MP4 without trusting their lengths.
private struct BoxWalk {
    private var reader: FormatReader
    private var left: Int

    init(_ reader: FormatReader, limit: Int) {
        self.reader = reader
        left = limit
    }

    /// The content of the first box of that type; the whole file when `parent` is nil.
    mutating func find(_ type: String, in parent: Range<Int>?) -> Range<Int>? {
        var found: Range<Int>?
        forEach(type, in: parent) { _, box in if found == nil { found = box } }
        return found
    }

    mutating func forEach(_ type: String, in parent: Range<Int>?, _ body: (inout BoxWalk, Range<Int>) -> Void) {
        let area = parent ?? 0..<reader.bytes.count
        var position = area.lowerBound
        while left > 0, let box = box(at: position, end: area.upperBound) {
            left -= 1
            if box.type == type { body(&self, box.content) }
            position = box.content.upperBound
        }
    }

    private mutating func box(at position: Int, end: Int) -> (type: String, content: Range<Int>)? {
        guard position < end, reader.move(to: position), let short = reader.bigEndian(4), let type = reader.tag() else {
            return nil
        }
        var length = short
        var header: UInt64 = 8
        if short == 1 {
            guard let long = reader.bigEndian(8) else { return nil }
            length = long
            header = 16
        } else if short == 0 {
            length = UInt64(end - position)
        }
        guard length >= header, length <= UInt64(end - position) else { return nil }
        return (type, position + Int(header)..<position + Int(length))
    }

    mutating func duration(_ header: Range<Int>) -> Double? {
        guard reader.move(to: header.lowerBound), let version = reader.byte() else { return nil }
        reader.skip(3 + (version == 1 ? 16 : 8))
        guard let scale = reader.bigEndian(4), scale > 0, let units = reader.bigEndian(version == 1 ? 8 : 4) else {
            return nil
        }
        let seconds = Double(units) / Double(scale)
        // All ones stand for "unknown".
        guard seconds < 1_000_000 else { return nil }
        return seconds
    }

    /// The last two fields of a track's header, in 1/65536; nil for a track without a picture.
    mutating func size(_ header: Range<Int>) -> (width: Int, height: Int)? {
        guard reader.move(to: header.lowerBound), let version = reader.byte() else { return nil }
        reader.skip(3 + (version == 1 ? 32 : 20) + 16)
        guard let scaleX = reader.bigEndian(4), let skewX = reader.bigEndian(4) else { return nil }
        reader.skip(28)
        guard let width = reader.bigEndian(4), let height = reader.bigEndian(4), width >> 16 > 0, height >> 16 > 0
        else { return nil }
        let isOnItsSide = scaleX == 0 && skewX != 0
        let (across, down) = isOnItsSide ? (height, width) : (width, height)
        return (Int(across >> 16), Int(down >> 16))
    }
}

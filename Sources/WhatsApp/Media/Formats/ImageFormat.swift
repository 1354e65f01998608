/// What the first bytes of a picture say of it.
package struct ImageFormat: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case jpeg = "image/jpeg"
        case png = "image/png"
        case webp = "image/webp"
        case gif = "image/gif"
    }

    package let kind: Kind
    package let width: Int
    package let height: Int
    package let isAnimated: Bool

    /// As many bytes of a file as are worth reading: the size stands behind a JPEG's metadata.
    package static let probeLength = 1 << 20

    package var mimeType: String { kind.rawValue }

    /// Nil where the bytes are no such picture, are cut off too early or tell no size.
    package init?(_ bytes: some Collection<UInt8>) {
        let reader = FormatReader(bytes.prefix(Self.probeLength))
        guard let found = Self.jpeg(reader) ?? Self.png(reader) ?? Self.gif(reader) ?? Self.webp(reader) else {
            return nil
        }
        self = found
    }

    private init?(_ kind: Kind, width: UInt64?, height: UInt64?, isAnimated: Bool = false) {
        guard let width, let height, (1...65_536).contains(width), (1...65_536).contains(height) else { return nil }
        self.kind = kind
        self.width = Int(width)
        self.height = Int(height)
        self.isAnimated = isAnimated
    }

    /// Walks the segments up to a start of frame.
    private static func jpeg(_ start: FormatReader) -> ImageFormat? {
        var reader = start
        guard reader.bigEndian(2) == 0xffd8 else { return nil }
        while reader.remaining > 0 {
            guard reader.byte() == 0xff else { return nil }
            var marker = reader.byte()
            while marker == 0xff { marker = reader.byte() }
            guard let marker else { return nil }
            switch marker {
            case 0x01, 0xd0...0xd8: continue
            case 0xd9, 0xda: return nil
            case 0xc0...0xcf where ![0xc4, 0xc8, 0xcc].contains(marker):
                reader.skip(3)
                let height = reader.bigEndian(2)
                return ImageFormat(.jpeg, width: reader.bigEndian(2), height: height)
            default:
                guard let length = reader.bigEndian(2), length >= 2 else { return nil }
                reader.skip(Int(length) - 2)
            }
        }
        return nil
    }

    private static func png(_ start: FormatReader) -> ImageFormat? {
        var reader = start
        guard reader.bigEndian(8) == 0x8950_4e47_0d0a_1a0a, reader.bigEndian(4) == 13, reader.tag() == "IHDR" else {
            return nil
        }
        let width = reader.bigEndian(4)
        let height = reader.bigEndian(4)
        reader.skip(9)
        // An animation says so before the first piece of the picture.
        while let length = reader.bigEndian(4), let tag = reader.tag(), tag != "IDAT" {
            if tag == "acTL" { return ImageFormat(.png, width: width, height: height, isAnimated: true) }
            reader.skip(Int(clamping: length) + 4)
        }
        return ImageFormat(.png, width: width, height: height)
    }

    private static func gif(_ start: FormatReader) -> ImageFormat? {
        var reader = start
        guard reader.tag() == "GIF8", let version = reader.take(2),
            [Array("7a".utf8), Array("9a".utf8)].contains(Array(version))
        else { return nil }
        let width = reader.littleEndian(2)
        return ImageFormat(.gif, width: width, height: reader.littleEndian(2), isAnimated: true)
    }

    private static func webp(_ start: FormatReader) -> ImageFormat? {
        var reader = start
        guard reader.tag() == "RIFF", reader.take(4) != nil, reader.tag() == "WEBP", let first = reader.tag() else {
            return nil
        }
        reader.skip(4)
        switch first {
        case "VP8X":
            guard let flags = reader.littleEndian(4) else { return nil }
            let width = reader.littleEndian(3).map { $0 + 1 }
            let height = reader.littleEndian(3).map { $0 + 1 }
            return ImageFormat(.webp, width: width, height: height, isAnimated: flags & 0x02 != 0)
        case "VP8L":
            guard reader.byte() == 0x2f, let bits = reader.littleEndian(4) else { return nil }
            return ImageFormat(.webp, width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1)
        case "VP8 ":
            reader.skip(3)
            guard reader.bigEndian(3) == 0x9d012a else { return nil }
            let width = reader.littleEndian(2).map { $0 & 0x3fff }
            return ImageFormat(.webp, width: width, height: reader.littleEndian(2).map { $0 & 0x3fff })
        default: return nil
        }
    }
}

internal import Foundation

/// What phones show of a sticker's pack: an EXIF chunk of the webp with JSON in it.
package struct StickerMetadata: Sendable, Equatable, Codable {
    package var packID: String
    package var packName: String
    package var publisher: String
    package var emojis: [String]

    private enum CodingKeys: String, CodingKey {
        case packID = "sticker-pack-id"
        case packName = "sticker-pack-name"
        case publisher = "sticker-pack-publisher"
        case emojis
    }

    package init(packID: String, packName: String, publisher: String, emojis: [String] = []) {
        self.packID = packID
        self.packName = packName
        self.publisher = publisher
        self.emojis = emojis
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        packID = try fields.decodeIfPresent(String.self, forKey: .packID) ?? ""
        packName = try fields.decodeIfPresent(String.self, forKey: .packName) ?? ""
        publisher = try fields.decodeIfPresent(String.self, forKey: .publisher) ?? ""
        emojis = try fields.decodeIfPresent([String].self, forKey: .emojis) ?? []
    }

    /// A little-endian TIFF with one entry, of the type 0x5741: the length and the place of the JSON.
    private static let start: [UInt8] = [
        0x49, 0x49, 0x2a, 0x00, 0x08, 0x00, 0x00, 0x00, 0x01, 0x00, 0x41, 0x57, 0x07, 0x00,
    ]
    private static let place: [UInt8] = [0x16, 0x00, 0x00, 0x00]
    private static let jsonLimit = 65_536

    /// The content of the EXIF chunk.
    package var exif: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = (try? encoder.encode(self)).map(Array.init) ?? []
        return Self.start + WebPChunk.bytes(of: UInt32(truncatingIfNeeded: json.count)) + Self.place + json
    }

    /// Reads what ``exif`` writes, and what other clients write; nil for other metadata.
    package init?(exif bytes: some Collection<UInt8>) {
        var reader = FormatReader(bytes)
        guard
            let start = reader.take(Self.start.count), start.elementsEqual(Self.start),
            let length = reader.littleEndian(4), length <= Self.jsonLimit,
            let offset = reader.littleEndian(4), reader.move(to: Int(offset)),
            let json = reader.take(Int(length)),
            let metadata = try? JSONDecoder().decode(StickerMetadata.self, from: Data(json))
        else { return nil }
        self = metadata
    }

    /// The metadata of a webp; nil where it has none.
    package init?(webp: [UInt8]) {
        guard let exif = WebPChunk.all(in: webp)?.first(where: { $0.tag == "EXIF" }) else { return nil }
        self.init(exif: exif.content)
    }

    /// The webp with this metadata in place of any that it had; nil where it is no whole webp.
    package func written(into webp: [UInt8]) -> [UInt8]? {
        guard let format = ImageFormat(webp), format.kind == .webp, let chunks = WebPChunk.all(in: webp) else {
            return nil
        }
        var rest = chunks.filter { $0.tag != "EXIF" && $0.tag != "VP8X" }
        var flags: UInt8 = 0
        if let extended = chunks.first(where: { $0.tag == "VP8X" }) {
            flags = extended.content.first ?? 0
        } else if rest.first?.tag == "VP8L", let bits = rest.first?.content.dropFirst(4).first, bits & 0x10 != 0 {
            // The lossless header tells of transparency in the fifth byte.
            flags = 0x10
        }
        if rest.contains(where: { $0.tag == "ANIM" || $0.tag == "ANMF" }) { flags |= 0x02 }
        let header =
            [flags | 0x08, 0, 0, 0] + WebPChunk.bytes(of: UInt32(format.width - 1)).prefix(3)
            + WebPChunk.bytes(of: UInt32(format.height - 1)).prefix(3)
        rest.insert(WebPChunk(tag: "VP8X", content: ArraySlice(header)), at: 0)
        rest.append(WebPChunk(tag: "EXIF", content: ArraySlice(exif)))
        return WebPChunk.file(of: rest)
    }

    /// The bytes up to the end of the first frame of an animated sticker; nil for a still one.
    package static func firstFrameLength(ofWebP file: [UInt8]) -> UInt64? {
        WebPChunk.firstFrameLength(of: file)
    }
}

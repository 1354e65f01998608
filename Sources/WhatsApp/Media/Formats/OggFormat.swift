/// What the pages of an Ogg file with Opus say: how long it plays.
package struct OggFormat: Sendable, Equatable {
    package let seconds: Double
    package let channels: Int

    /// The first and the last page decide; both must be among the bytes.
    ///
    /// Opus counts 48,000 positions a second, whatever the rate of the recording. Nil for anything else.
    package init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        var reader = FormatReader(bytes)
        guard reader.tag() == "OggS" else { return nil }
        reader.skip(22)
        guard let segments = reader.byte() else { return nil }
        reader.skip(Int(segments))
        guard
            reader.tag() == "Opus", reader.tag() == "Head", reader.byte() != nil, let channels = reader.byte(),
            let early = reader.littleEndian(2), let last = Self.lastPosition(bytes)
        else { return nil }
        let played = last > early ? last - early : 0
        let seconds = Double(played) / 48_000
        guard channels > 0, seconds < 1_000_000 else { return nil }
        self.channels = Int(channels)
        self.seconds = seconds
    }

    /// The position that the last whole page header tells; "none" is passed over.
    private static func lastPosition(_ bytes: [UInt8]) -> UInt64? {
        let mark = Array("OggS".utf8)
        var index = bytes.count - 14
        // A page has at most 65,307 bytes.
        let end = max(0, index - 4 * 65_307)
        while index >= end {
            if bytes[index] == mark[0], bytes[index..<index + 4].elementsEqual(mark), bytes[index + 4] == 0 {
                let position = bytes[(index + 6)..<(index + 14)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                if position != .max { return position }
            }
            index -= 1
        }
        return nil
    }
}

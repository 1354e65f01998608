import CZlib

extension QRCode {
    /// The code as a PNG file, one bit a pixel, with a quiet zone of four modules.
    ///
    /// `scale` is the number of pixels along one side of a module, held within 1 and 32.
    package func png(scale: Int = 8) -> [UInt8] {
        let scale = max(1, min(scale, 32))
        let margin = 4
        let side = (size + 2 * margin) * scale

        var header = bigEndian(side) + bigEndian(side)
        header += [1, 0, 0, 0, 0]  // One bit, greyscale, deflate, standard filters, not interlaced.

        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += chunk("IHDR", header)
        file += chunk("IDAT", deflated(scanlines(side: side, scale: scale, margin: margin)))
        file += chunk("IEND", [])
        return file
    }

    /// Filter byte and packed pixels of each line; a set bit is white.
    private func scanlines(side: Int, scale: Int, margin: Int) -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(side * (1 + (side + 7) / 8))
        for row in 0..<(size + 2 * margin) {
            var line: [UInt8] = [0]
            line += repeatElement(0xFF, count: (side + 7) / 8)
            for x in 0..<side where self[x / scale - margin, row - margin] {
                line[1 + x / 8] &= ~(0x80 >> UInt8(x % 8))
            }
            for _ in 0..<scale { pixels += line }
        }
        return pixels
    }

    private func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let checked = Array(type.utf8) + content
        return bigEndian(content.count) + checked + bigEndian(Int(checksum(checked)))
    }

    private func checksum(_ bytes: [UInt8]) -> UInt {
        UInt(crc32(0, bytes, uInt(bytes.count)))
    }

    private func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A zlib stream; stored blocks where zlib has no memory left, so that there is always a picture.
    private func deflated(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var stream = [UInt8](repeating: 0, count: Int(length))
        if compress2(&stream, &length, bytes, uLong(bytes.count), 9) == Z_OK {
            return Array(stream.prefix(Int(length)))
        }
        return stored(bytes)
    }

    private func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(0xFFFF)
            rest = rest.dropFirst(block.count)
            let length = UInt16(block.count)
            stream.append(rest.isEmpty ? 1 : 0)
            for word in [length, ~length] {
                stream += [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
            }
            stream += block
        } while !rest.isEmpty
        return stream + bigEndian(Int(adler32(1, bytes, uInt(bytes.count))))
    }
}

/// Where the frames of an animation are put together.
struct FrameCanvas {
    let width: Int
    let height: Int
    /// Red, green, blue and opacity of each pixel, row after row.
    private(set) var pixels: [UInt8]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: 0, count: width * height * 4)
    }

    /// Draws a frame; what is beyond the canvas is left out.
    mutating func draw(_ picture: PAMPicture, x: Int, y: Int, isBlended: Bool) {
        for row in 0..<max(0, min(picture.height, height - y)) {
            for column in 0..<max(0, min(picture.width, width - x)) {
                let source = picture.start + (row * picture.width + column) * 4
                let target = ((y + row) * width + x + column) * 4
                let opacity = Int(picture.bytes[source + 3])
                if !isBlended || opacity == 255 {
                    for part in 0..<4 { pixels[target + part] = picture.bytes[source + part] }
                } else if opacity > 0 {
                    blend(picture, source, target, opacity)
                }
            }
        }
    }

    /// Empties the place of a frame.
    mutating func clear(x: Int, y: Int, width: Int, height: Int) {
        for row in y..<max(y, min(self.height, y + height)) {
            let start = (row * self.width + min(x, self.width)) * 4
            let end = (row * self.width + min(self.width, x + width)) * 4
            for index in start..<max(start, end) { pixels[index] = 0 }
        }
    }

    private mutating func blend(_ picture: PAMPicture, _ source: Int, _ target: Int, _ opacity: Int) {
        let below = Int(pixels[target + 3]) * (255 - opacity) / 255
        let sum = opacity + below
        for part in 0..<3 {
            let above = Int(picture.bytes[source + part]) * opacity
            pixels[target + part] = UInt8(clamping: (above + Int(pixels[target + part]) * below) / sum)
        }
        pixels[target + 3] = UInt8(clamping: sum)
    }
}

/// A decoded picture as dwebp writes it: a short head of text, then four bytes a pixel.
struct PAMPicture {
    let width: Int
    let height: Int
    let bytes: [UInt8]
    /// Where the pixels begin.
    let start: Int
    /// Where the next picture begins.
    let end: Int

    private static let headLimit = 256

    /// Reads the picture that begins at an offset.
    init?(_ bytes: [UInt8], at offset: Int) {
        let mark = Array("ENDHDR\n".utf8)
        let head = bytes.dropFirst(offset).prefix(Self.headLimit)
        guard let place = head.firstRange(of: mark) else { return nil }
        let lines = String(decoding: head[..<place.lowerBound], as: UTF8.self).split(separator: "\n")
        func value(_ name: String) -> Int? {
            lines.first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.count + 1)) }
        }
        guard
            lines.first == "P7", value("DEPTH") == 4, let width = value("WIDTH"), let height = value("HEIGHT"),
            (1...4_096).contains(width), (1...4_096).contains(height),
            bytes.count - place.upperBound >= width * height * 4
        else { return nil }
        self.width = width
        self.height = height
        self.bytes = bytes
        start = place.upperBound
        end = place.upperBound + width * height * 4
    }
}

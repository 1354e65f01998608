extension QRCode {
    /// The code as an SVG document: dark modules as one path on a light ground, one unit a module.
    ///
    /// `quietZone` is the number of light modules on each side; readers expect four.
    package func svg(quietZone: Int = 4) -> String {
        let margin = max(0, min(quietZone, 64))
        let side = size + 2 * margin
        var path = ""
        for y in 0..<size {
            var x = 0
            while x < size {
                guard self[x, y] else {
                    x += 1
                    continue
                }
                let start = x
                while self[x, y] { x += 1 }
                path += "M\(start + margin) \(y + margin)h\(x - start)v1h-\(x - start)z"
            }
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" shape-rendering="crispEdges" \
            role="img" aria-label="QR code"><path fill="#fff" d="M0 0h\(side)v\(side)H0z"/>\
            <path fill="#000" d="\(path)"/></svg>
            """
    }
}

/// What makes a picture better, or other.
package enum ImageFilter: String, Sendable, CaseIterable {
    case enhance, sharpen, denoise, brighten, upscale, grayscale, sepia, invert, blur, mirror, flip

    package var summary: String {
        switch self {
        case .enhance: "cleaner, sharper, more contrast"
        case .sharpen: "sharper edges"
        case .denoise: "less noise"
        case .brighten: "brighter"
        case .upscale: "twice as large"
        case .grayscale: "without colour"
        case .sepia: "as an old photograph"
        case .invert: "with opposite colours"
        case .blur: "out of focus"
        case .mirror: "left and right exchanged"
        case .flip: "upside down"
        }
    }

    var chain: String {
        switch self {
        case .enhance: "hqdn3d=2:1:2:1,normalize=independence=0:strength=0.6,unsharp=5:5:0.8,eq=saturation=1.1"
        case .sharpen: "unsharp=7:7:1.5"
        case .denoise: "hqdn3d=8:6:8:6"
        case .brighten: "eq=brightness=0.08:gamma=1.2"
        case .upscale:
            "scale='min(iw*2,4096)':'min(ih*2,4096)':force_original_aspect_ratio=decrease:flags=lanczos,unsharp=5:5:0.5"
        case .grayscale: "hue=s=0"
        case .sepia: "colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131"
        case .invert: "negate"
        case .blur: "gblur=sigma=8"
        case .mirror: "hflip"
        case .flip: "vflip"
        }
    }
}

/// Which part of a picture is kept.
package enum CropShape: Sendable, Equatable {
    case square
    case circle
    /// Width to height, for example 16 to 9.
    case ratio(Int, Int)
    /// Pixels from the upper left.
    case area(width: Int, height: Int, x: Int, y: Int)

    /// Reads `square`, `circle`, `16:9` and `WIDTHxHEIGHT` with an optional `+X+Y`.
    package init?(_ text: String) {
        let text = text.lowercased()
        if text == "square" || text.isEmpty {
            self = .square
            return
        }
        if text == "circle" || text == "round" {
            self = .circle
            return
        }
        if let match = text.wholeMatch(of: /(\d{1,3}):(\d{1,3})/), let width = Int(match.1), let height = Int(match.2),
            width > 0, height > 0
        {
            self = .ratio(width, height)
            return
        }
        guard let match = text.wholeMatch(of: /(\d{1,5})x(\d{1,5})(?:\+(\d{1,5})\+(\d{1,5}))?/),
            let width = Int(match.1), let height = Int(match.2), width > 0, height > 0
        else { return nil }
        self = .area(
            width: width,
            height: height,
            x: match.3.flatMap { Int($0) } ?? 0,
            y: match.4.flatMap { Int($0) } ?? 0
        )
    }

    var chain: String {
        switch self {
        case .square: "crop='min(iw,ih)':'min(iw,ih)'"
        case .circle: "crop='min(iw,ih)':'min(iw,ih)',scale='min(iw,1024)':-1,format=rgba,\(StickerShape.round)"
        case .ratio(let width, let height):
            "crop='min(iw,ih*\(width)/\(height))':'min(ih,iw*\(height)/\(width))'"
        case .area(let width, let height, let x, let y):
            "crop='min(iw,\(width))':'min(ih,\(height))':'min(\(x),iw-ow)':'min(\(y),ih-oh)'"
        }
    }
}

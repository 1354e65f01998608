/// How a picture that is no square becomes one.
package enum StickerShape: String, Sendable, CaseIterable {
    /// All of it, with transparent margins.
    case fit
    /// Its middle.
    case crop
    /// Its middle, round.
    case circle

    static let side = 512

    var filter: String {
        let side = Self.side
        let square =
            "scale=\(side):\(side):force_original_aspect_ratio=increase:flags=lanczos,crop=\(side):\(side),format=rgba"
        switch self {
        case .fit:
            return
                "scale=\(side):\(side):force_original_aspect_ratio=decrease:flags=lanczos,format=rgba,"
                + "pad=\(side):\(side):(ow-iw)/2:(oh-ih)/2:color=black@0"
        case .crop: return square
        case .circle: return square + "," + Self.round
        }
    }

    /// Makes transparent what is outside the circle.
    static let round =
        "geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lte(hypot(X-W/2,Y-H/2),W/2),alpha(X,Y),0)'"
}

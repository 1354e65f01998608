internal import Mustache

/// Markup that is known to be harmless: made by our own renderer from escaped text.
struct SafeHTML: Sendable, MustacheCustomRenderable {
    let renderText: String
    var isNull: Bool { false }

    init(rendered markup: String) {
        renderText = markup
    }
}

extension String {
    /// With everything that means something to HTML written as entities.
    var escapedForHTML: String {
        var escaped = ""
        escaped.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

internal import Foundation

/// Pictures made of text, as SVG.
enum StickerDrawing {
    private static let fonts = "DejaVu Sans, Noto Sans, Noto Color Emoji, sans-serif"
    static let textLimit = 600

    /// Large letters in the middle.
    static func text(_ text: String) -> String {
        let layout = TextLayout(
            String(text.prefix(textLimit)),
            width: 470,
            height: 480,
            sizes: [150, 120, 96, 80, 64, 52, 42, 34, 28]
        )
        let step = layout.size * TextLayout.lineHeight
        let top = 256 - step * Double(layout.lines.count) / 2 + layout.size * 0.95
        let lines = layout.lines.enumerated().map { index, line in
            """
            <text x="256" y="\(number(top + step * Double(index)))" text-anchor="middle" font-family="\(fonts)" \
            font-weight="bold" font-size="\(number(layout.size))" fill="#ff3b30" stroke="#000" \
            stroke-width="\(number(layout.size / 9))" stroke-linejoin="round" paint-order="stroke">\(escaped(line))</text>
            """
        }
        return document(lines.joined())
    }

    /// A bubble with a name and a text, and a face beside it: a picture, or the name's first letter.
    static func quote(name: String, text: String, face: (bytes: [UInt8], type: String)?) -> String {
        let layout = TextLayout(String(text.prefix(textLimit)), width: 350, height: 380, sizes: [34, 30, 26, 22, 19])
        let step = layout.size * TextLayout.lineHeight
        let height = 76 + step * Double(layout.lines.count)
        let top = (512 - height) / 2
        var body = ""
        if let face {
            body += """
                <clipPath id="face"><circle cx="54" cy="\(number(top + 42))" r="42"/></clipPath>\
                <image x="12" y="\(number(top))" width="84" height="84" preserveAspectRatio="xMidYMid slice" \
                clip-path="url(#face)" xlink:href="data:\(face.type);base64,\(Data(face.bytes).base64EncodedString())"/>
                """
        } else {
            body += """
                <circle cx="54" cy="\(number(top + 42))" r="42" fill="#2a9d8f"/>\
                <text x="54" y="\(number(top + 57))" text-anchor="middle" font-family="\(fonts)" font-size="42" \
                fill="#fff">\(escaped(name.first.map { String($0).uppercased() } ?? "?"))</text>
                """
        }
        body += """
            <rect x="108" y="\(number(top))" width="392" height="\(number(height))" rx="26" fill="#1f2c34"/>\
            <text x="128" y="\(number(top + 40))" font-family="\(fonts)" font-size="24" font-weight="bold" \
            fill="#53bdeb">\(escaped(String(name.prefix(24))))</text>
            """
        for (index, line) in layout.lines.enumerated() {
            body += """
                <text x="128" y="\(number(top + 54 + layout.size + step * Double(index)))" font-family="\(fonts)" \
                font-size="\(number(layout.size))" fill="#e9edef">\(escaped(line))</text>
                """
        }
        return document(body)
    }

    private static func document(_ body: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?><svg xmlns="http://www.w3.org/2000/svg" \
        xmlns:xlink="http://www.w3.org/1999/xlink" width="512" height="512" viewBox="0 0 512 512">\(body)</svg>
        """
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }

    /// What XML may hold, with its own signs replaced.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                let value = scalar.value
                if value >= 0x20, value != 0x7f, value != 0xfffe, value != 0xffff {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}

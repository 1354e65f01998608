/// Turns our dotted names into those that Prometheus allows.
enum MetricName {
    static func plain(_ label: String) -> String {
        let name = String(label.unicodeScalars.prefix(200).map { isWord($0) ? Character($0) : "_" })
        guard let first = name.first, !first.isNumber else { return "_" + name }
        return name
    }

    static func ending(_ label: String, in suffix: String) -> String {
        let name = plain(label)
        return name.hasSuffix(suffix) ? name : name + suffix
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_")
    }
}

/// The labels of one series, in one order, as they are written.
struct LabelSet: Hashable {
    private let pairs: [String]

    init(_ dimensions: [(String, String)]) {
        pairs = dimensions.sorted { $0.0 < $1.0 }.map { name, value in
            let name = MetricName.plain(name)
            return Self.pair(name == "le" ? "le_" : name, value)
        }
    }

    private init(pairs: [String]) {
        self.pairs = pairs
    }

    static let overflow = LabelSet([("overflow", "true")])

    var text: String { pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}" }

    func adding(_ name: String, _ value: String) -> LabelSet {
        LabelSet(pairs: pairs + [Self.pair(name, value)])
    }

    private static func pair(_ name: String, _ value: String) -> String {
        var escaped = ""
        for character in value.prefix(128) {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n", "\r\n": escaped += "\\n"
            default: escaped.append(character)
            }
        }
        return "\(name)=\"\(escaped)\""
    }
}

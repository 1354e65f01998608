import Foundation

/// A text with places that are filled: `{name}`, `{number}`, `{random:one|two}` and so on.
///
/// Filled in one pass: what is put in is never looked at again, so that nobody's name can be a template.
package enum TextTemplate {
    /// The longest text that comes out.
    package static let limit = 8_192
    /// The longest template, in characters.
    package static let templateLimit = 4_000

    /// The places that there are, for help and the editor.
    package static let places: [(name: String, help: String)] = [
        ("name", "The name of who wrote."),
        ("mention", "Names who wrote, so that they are told."),
        ("number", "The number of who wrote."),
        ("group", "The subject of the group."),
        ("members", "How many members the group has."),
        ("description", "The description of the group."),
        ("bot", "The bot's name."),
        ("prefix", "The bot's prefix."),
        ("date", "The date."),
        ("time", "The time."),
        ("text", "What was written, or what follows the command."),
        ("1", "The first word after the command; {2} and so on up to {9}."),
        ("random:a|b", "One of these."),
        ("response", "What the address has answered; {response:path.to.field} for a part of its JSON."),
    ]

    /// `value` gives what a place is filled with, nil for a place that there is not: it stays as it is.
    package static func fill(
        _ template: String,
        random: (Int) -> Int = { Int.random(in: 0..<$0) },
        value: (_ name: String, _ argument: String?) -> String?
    ) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), result.utf8.count < limit {
            result += rest[..<open]
            let after = rest.index(after: open)
            guard let close = rest[after...].prefix(256).firstIndex(of: "}") else {
                result += "{"
                rest = rest[after...]
                continue
            }
            let inner = rest[after..<close]
            guard let filled = fill(place: String(inner), random, value) else {
                result += "{"
                rest = rest[after...]
                continue
            }
            result += filled
            rest = rest[rest.index(after: close)...]
        }
        result += rest
        return result.utf8.count <= limit ? result : String(decoding: result.utf8.prefix(limit), as: UTF8.self)
    }

    private static func fill(
        place: String,
        _ random: (Int) -> Int,
        _ value: (_ name: String, _ argument: String?) -> String?
    ) -> String? {
        let parts = place.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].trimmed.lowercased()
        let argument = parts.count == 2 ? String(parts[1]) : nil
        guard name == "random", let argument else { return value(name, argument) }
        let choices = argument.split(separator: "|", omittingEmptySubsequences: false)
        return String(choices[random(choices.count)])
    }
}

/// What templates are filled with.
struct TemplateValues: Sendable {
    var name = ""
    var mention = ""
    var number = ""
    var group = ""
    var members = ""
    var description = ""
    var bot = ""
    var prefix = ""
    var now = Date(timeIntervalSince1970: 0)
    var zone = TimeZone.gmt
    var text = ""
    var words: [String] = []
    var response: [UInt8]?

    /// `escape` is what every value goes through before it is put in.
    func fill(_ template: String, escape: (String) -> String = { $0 }) -> String {
        // Read once, however many places want a part of it.
        var json: Any??
        return TextTemplate.fill(template) { name, argument in value(name, argument, &json).map(escape) }
    }

    private func value(_ name: String, _ argument: String?, _ json: inout Any??) -> String? {
        switch name {
        case "name", "sender": self.name
        case "mention", "user": mention
        case "number": number
        case "group": group
        case "members", "count": members
        case "description", "desc": description
        case "bot": bot
        case "prefix": prefix
        case "date": clock("yyyy-MM-dd")
        case "time": clock("HH:mm")
        case "text", "args": text
        case "response": response.map { Self.part(argument, of: $0, &json) } ?? ""
        default: Int(name).flatMap { (1...9).contains($0) ? ($0 <= words.count ? words[$0 - 1] : "") : nil }
        }
    }

    private func clock(_ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = zone
        formatter.dateFormat = format
        return formatter.string(from: now)
    }

    /// A part of a JSON text by its path, or the whole text.
    private static func part(_ path: String?, of body: [UInt8], _ json: inout Any??) -> String {
        guard let path, !path.isEmpty else { return String(decoding: body.prefix(4_096), as: UTF8.self) }
        let read = json ?? (try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed))
        json = .some(read)
        guard var value = read else { return "" }
        for step in path.split(separator: ".").prefix(16) {
            if let object = value as? [String: Any], let inner = object[String(step)] {
                value = inner
            } else if let list = value as? [Any], let index = Int(step), list.indices.contains(index) {
                value = list[index]
            } else {
                return ""
            }
        }
        switch value {
        case let text as String: return String(text.prefix(4_096))
        case let number as NSNumber: return number.stringValue
        case is NSNull: return ""
        default:
            let data = try? JSONSerialization.data(withJSONObject: value, options: [.fragmentsAllowed, .sortedKeys])
            return data.map { String(decoding: $0.prefix(4_096), as: UTF8.self) } ?? ""
        }
    }
}

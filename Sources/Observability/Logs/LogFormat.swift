import Glibc
import Logging

/// How a log message becomes a line.
///
/// Whatever a message or a value holds, it stays within its line and cannot reach for the terminal: control characters are
/// escaped in both forms.
package enum LogFormat: Sendable {
    /// `2026-01-31T12:00:00.000Z warning web: Request failed request.id=4f2a error="no such page"`
    case console
    /// One JSON object a line: `time`, `level`, `logger`, `message`, and each metadata key as it is.
    case json

    /// Values are cut at this many characters.
    static let valueLimit = 4_096

    func line(
        time: LogTime,
        level: Logger.Level,
        label: String,
        message: String,
        metadata: [(key: String, value: String)]
    ) -> String {
        switch self {
        case .console:
            var line = "\(time.text) \(level.rawValue) \(escaped(label)): \(escaped(message))"
            for (key, value) in metadata { line += " \(escaped(key))=\(quotedIfNeeded(value))" }
            return line
        case .json:
            var line = "{\"time\":\"\(time.text)\",\"level\":\"\(level.rawValue)\",\"logger\":\(quoted(label))"
            line += ",\"message\":\(quoted(message))"
            for (key, value) in metadata {
                let name = Self.ownKeys.contains(key) ? "metadata.\(key)" : key
                line += ",\(quoted(name)):\(quoted(value))"
            }
            return line + "}"
        }
    }

    private static let ownKeys: Set<String> = ["time", "level", "logger", "message"]

    private func quotedIfNeeded(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar != "\"" && scalar != "=" && scalar != "\\" && !isControl(scalar)
            }
        return isPlain ? value : quoted(value)
    }

    private func quoted(_ text: String) -> String {
        "\"\(escaped(text, alsoQuotes: true))\""
    }

    /// The text with control characters, and for a string in quotes also quotes and backslashes, written as in JSON.
    private func escaped(_ text: String, alsoQuotes: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += 1
            guard count <= Self.valueLimit else {
                result.append("…")
                break
            }
            switch scalar {
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            case "\r": result.append(contentsOf: "\\r".unicodeScalars)
            case "\t": result.append(contentsOf: "\\t".unicodeScalars)
            case "\"" where alsoQuotes: result.append(contentsOf: "\\\"".unicodeScalars)
            case "\\" where alsoQuotes: result.append(contentsOf: "\\\\".unicodeScalars)
            case _ where isControl(scalar):
                let digits = String(scalar.value, radix: 16)
                let code = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
                result.append(contentsOf: "\\u\(code)".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Control characters of both blocks, line separators, and the marks that turn the direction of writing.
    private func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}

/// A moment as the log writes it: UTC, to the millisecond.
struct LogTime {
    let text: String

    init(secondsSince1970 seconds: Int, milliseconds: Int) {
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        func padded(_ number: some BinaryInteger, _ width: Int = 2) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        text =
            "\(padded(Int(parts.tm_year) + 1_900, 4))-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
            + "T\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec)).\(padded(milliseconds, 3))Z"
    }

    static var now: LogTime {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        return LogTime(secondsSince1970: clock.tv_sec, milliseconds: clock.tv_nsec / 1_000_000)
    }
}

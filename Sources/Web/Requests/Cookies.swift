internal import HTTPTypes

/// The cookies of one request.
struct Cookies {
    private let values: [Substring: Substring]

    init(_ headers: HTTPFields) {
        var values: [Substring: Substring] = [:]
        for pair in headers[values: .cookie].flatMap({ $0.split(separator: ";") }).prefix(64) {
            guard let sign = pair.firstIndex(of: "=") else { continue }
            let name = pair[..<sign].trimmed
            // The first of a name is the one with the longest path.
            if values[name] == nil { values[name] = pair[pair.index(after: sign)...].trimmed }
        }
        self.values = values
    }

    subscript(name: String) -> String? {
        values[name[...]].map(String.init)
    }
}

import Foundation

/// An answer as it came over the wire.
struct WebReply {
    let status: Int
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The first field of a name, in any case.
    subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Every choice that the answer depends on.
    var vary: [String] {
        all("Vary").flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    func all(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] ?? [:]
    }

    /// `error.code` of the API's errors.
    var errorCode: String? { error("code") }
    var errorField: String? { error("field") }

    func error(_ name: String) -> String? {
        ((try? json())?["error"] as? [String: Any])?[name] as? String
    }

    /// `name=value` of a cookie that the answer sets.
    var cookie: String? {
        self["Set-Cookie"].map { String($0.prefix { $0 != ";" }) }
    }

    /// Reads one answer; `isHead` when the request was HEAD, whose answer has no body.
    static func read(from connection: RawConnection, isHead: Bool = false) async throws -> WebReply {
        let head = try await connection.read(through: "\r\n\r\n")
        let lines = head.split(separator: "\r\n")
        guard let first = lines.first, let status = Int(first.split(separator: " ").dropFirst().first ?? "") else {
            throw ConnectionEnded()
        }
        let fields = lines.dropFirst().map { line in
            let name = line.prefix { $0 != ":" }
            return (name: String(name), value: line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces))
        }
        let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        let hasBody = !isHead && status != 304 && status != 204 && status >= 200
        return WebReply(status: status, fields: fields, body: hasBody ? try await connection.read(length) : [])
    }
}

internal import Foundation
internal import Hummingbird
internal import NIOCore

/// What a form sent (`application/x-www-form-urlencoded`, or with a file `multipart/form-data`).
struct FormFields: Sendable {
    private var values: [String: String]
    private let lists: [String: [String]]
    private(set) var upload: UploadedFile?

    init(_ request: Request, limit: Int = 16 * 1024) async throws {
        let type = "application/x-www-form-urlencoded"
        guard request.mediaType == type else { throw RequestError.unsupportedContentType(expected: type) }
        let body = try await request.wholeBody(limit: limit)
        self.init(parsing: String(decoding: body.readableBytesView, as: UTF8.self))
    }

    /// A form with a file; of one whose body is longer than that the fields before the file count, and the file is cut.
    init(_ request: Request, uploadLimit: Int, limit: Int) async throws {
        let body = try await request.cutBody(limit: uploadLimit + limit)
        let type = request.headers[.contentType] ?? ""
        guard let form = MultipartForm(Data(body.readableBytesView), contentType: type) else {
            throw RequestError.unsupportedContentType(expected: "multipart/form-data")
        }
        self.init(form.fields.map { ($0.name, $0.value) })
        upload = form.file
    }

    init(parsing text: String) {
        self.init(
            text.split(separator: "&").prefix(256).compactMap { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let name = parts.first.flatMap(Self.decoded) else { return nil }
                return (name, parts.count == 2 ? Self.decoded(parts[1]) : "")
            }
        )
    }

    private init(_ pairs: [(name: String, value: String?)]) {
        var values: [String: String] = [:]
        var lists: [String: [String]] = [:]
        for (name, value) in pairs {
            if let value { lists[name, default: []].append(value) }
            if values[name] == nil { values[name] = value }
        }
        self.values = values
        self.lists = lists
    }

    /// The same form with another value of a field.
    func with(_ name: String, _ value: String) -> FormFields {
        var form = self
        form.values[name] = value
        return form
    }

    /// The field without blanks at both ends; nil when it is missing or empty.
    subscript(name: String) -> String? {
        guard let value = values[name]?.trimmed, !value.isEmpty else { return nil }
        return String(value)
    }

    /// The field as it was sent, blanks and all; for passwords.
    func verbatim(_ name: String) -> String { values[name] ?? "" }

    /// All values of a field that may be sent several times, such as boxes that are ticked.
    func all(_ name: String) -> [String] { lists[name] ?? [] }

    /// Whether a box is ticked.
    func isOn(_ name: String) -> Bool { values[name] != nil }

    /// Undoes `%41` and `+`; nil for what is not UTF-8 then, and for U+0000, which no table keeps.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}

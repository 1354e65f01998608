internal import Foundation

/// A file that came with a form.
struct UploadedFile: Sendable {
    /// The name of its field.
    let field: String
    /// What it was called, without folders; empty where nothing was chosen.
    let name: String
    let mimeType: String
    let bytes: [UInt8]
    /// Whether the body was longer than is read, so that its end is missing.
    let isCut: Bool
}

/// What a form with a file sent: `multipart/form-data` as RFC 7578 has it.
///
/// Of what cannot be read nothing is taken: neither a part without a name, nor a field that never ends.
struct MultipartForm {
    private static let partLimit = 256
    private static let headLimit = 4_096

    private(set) var fields: [(name: String, value: String)] = []
    private(set) var file: UploadedFile?

    /// Nil for a `Content-Type` that names no boundary.
    init?(_ body: Data, contentType: String) {
        guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
            return nil
        }
        let delimiter = Data("\r\n--\(boundary)".utf8)
        // The first delimiter has no line before it.
        guard let first = body.range(of: delimiter.dropFirst(2)) else { return }
        var rest = body[first.upperBound...]
        for _ in 0..<Self.partLimit {
            // Two dashes end the whole; before a part comes the end of the line.
            guard rest.starts(with: [0x0D, 0x0A]) else { return }
            rest = rest.dropFirst(2)
            guard let blank = rest.prefix(Self.headLimit).range(of: Data("\r\n\r\n".utf8)) else { return }
            let head = String(decoding: rest[rest.startIndex..<blank.lowerBound], as: UTF8.self)
            let end = rest[blank.upperBound...].range(of: delimiter)
            take(head, rest[blank.upperBound..<(end?.lowerBound ?? rest.endIndex)], isCut: end == nil)
            guard let end else { return }
            rest = body[end.upperBound...]
        }
    }

    private mutating func take(_ head: String, _ content: Data, isCut: Bool) {
        var disposition: String?
        var type: String?
        for line in head.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            switch parts[0].trimmed.lowercased() {
            case "content-disposition": disposition = String(parts[1])
            case "content-type": type = String(parts[1])
            default: break
            }
        }
        guard let disposition, let name = Self.parameter("name", of: disposition) else { return }
        if let fileName = Self.parameter("filename", of: disposition) {
            guard file == nil else { return }
            file = UploadedFile(
                field: name,
                name: fileName.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "",
                mimeType: type.map { $0.prefix { $0 != ";" }.trimmed.lowercased() } ?? "application/octet-stream",
                bytes: Array(content),
                isCut: isCut
            )
        } else if !isCut, let value = String(validating: content, as: UTF8.self), !value.utf8.contains(0) {
            fields.append((name, value))
        }
    }

    /// A parameter such as `name="x"`; browsers write a quote in it as `%22`.
    private static func parameter(_ name: String, of header: String) -> String? {
        for part in header.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.lowercased() == name else { continue }
            var value = String(pair[1].trimmed)
            if value.hasPrefix("\""), value.hasSuffix("\""), value.count >= 2 {
                value = String(value.dropFirst().dropLast())
            }
            return value.replacing("%22", with: "\"").replacing("%0D", with: "").replacing("%0A", with: " ")
        }
        return nil
    }
}

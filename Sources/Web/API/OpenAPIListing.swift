/// An OpenAPI document told in Markdown: each call with its fields and answers.
struct OpenAPIListing {
    let markdown: String

    /// Nil for what is no OpenAPI document.
    init?(_ document: JSONValue) {
        guard let title = document["info"]?["title"]?.text, case .object(let paths)? = document["paths"] else {
            return nil
        }
        var lines = ["# \(title)", ""]
        lines += [document["info"]?["description"]?.text ?? "", ""]
        lines += ["The same for machines: [openapi.json](/api/openapi.json).", ""]
        for (path, item) in paths.sorted(by: { $0.key < $1.key }) {
            for method in ["get", "post", "put", "patch", "delete"] {
                guard let call = item[method] else { continue }
                lines += Self.lines(method.uppercased(), path, call, document)
            }
        }
        markdown = lines.joined(separator: "\n")
    }

    private static func lines(_ method: String, _ path: String, _ call: JSONValue, _ document: JSONValue) -> [String] {
        var lines = ["## \(call["summary"]?.text ?? path)", "", "`\(method) \(path)`", ""]
        if let text = call["description"]?.text { lines += [text, ""] }
        let bodies = call["requestBody"]?["content"]?.members ?? []
        for (mediaType, body) in bodies {
            let schema = body["schema"].map { resolved($0, in: document) }
            let fields = schema?["properties"]?.members ?? []
            guard !fields.isEmpty else { continue }
            let required = Set((schema?["required"]?.elements ?? []).compactMap(\.text))
            lines += ["Body, `\(mediaType)`:", "", "| field | type | |", "| --- | --- | --- |"]
            for (name, field) in fields {
                let field = resolved(field, in: document)
                let need = required.contains(name) ? "required. " : ""
                lines.append("| `\(name)` | \(type(of: field)) | \(need)\(cell(field["description"]?.text ?? "")) |")
            }
            lines.append("")
        }
        lines += ["| answer | |", "| --- | --- |"]
        for (status, answer) in call["responses"]?.members ?? [] {
            let answer = resolved(answer, in: document)
            lines.append("| \(status) | \(cell(answer["description"]?.text ?? "")) |")
        }
        return lines + [""]
    }

    private static func type(of schema: JSONValue) -> String {
        if let choices = schema["enum"]?.elements {
            return choices.compactMap(\.text).map { "`\($0)`" }.joined(separator: ", ")
        }
        return cell(schema["type"]?.text ?? "any")
    }

    /// Follows `#/components/…` one step, which is as deep as our document goes.
    private static func resolved(_ value: JSONValue, in document: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.text, reference.hasPrefix("#/") else { return value }
        return reference.dropFirst(2).split(separator: "/").reduce(Optional(document)) { $0?[String($1)] } ?? value
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}

extension JSONValue {
    fileprivate subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    fileprivate var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    fileprivate var members: [(key: String, value: JSONValue)] {
        guard case .object(let members) = self else { return [] }
        return members.sorted { $0.key < $1.key }
    }
}

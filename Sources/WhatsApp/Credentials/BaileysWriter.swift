import SignalProtocol

/// Writes one JSON object, in the order of the calls.
struct BaileysWriter {
    private var text = "{"

    mutating func text(_ name: String, _ value: String) {
        begin(name)
        text += Self.quoted(value)
    }

    mutating func number(_ name: String, _ value: UInt32) {
        begin(name)
        text += "\(value)"
    }

    mutating func bool(_ name: String, _ value: Bool) {
        begin(name)
        text += value ? "true" : "false"
    }

    mutating func emptyList(_ name: String) {
        begin(name)
        text += "[]"
    }

    mutating func buffer(_ name: String, _ bytes: some Collection<UInt8>) {
        object(name) { record in
            record.text("type", "Buffer")
            record.text("data", Base64.encode(bytes))
        }
    }

    mutating func keyPair(_ name: String, _ pair: Curve25519KeyPair) {
        object(name) { record in
            pair.privateKey.withBytes { record.buffer("private", $0) }
            record.buffer("public", pair.publicKey)
        }
    }

    mutating func object(_ name: String, _ body: (inout BaileysWriter) -> Void) {
        begin(name)
        var inner = BaileysWriter()
        body(&inner)
        text += inner.text + "}"
    }

    mutating func integer(_ name: String, _ value: Int64) {
        begin(name)
        text += "\(value)"
    }

    /// A list of one object.
    mutating func list(_ name: String, _ body: (inout BaileysWriter) -> Void) {
        begin(name)
        var inner = BaileysWriter()
        body(&inner)
        text += "[" + inner.text + "}]"
    }

    /// A list with an object for each element.
    mutating func list<Element>(
        _ name: String,
        of elements: [Element],
        _ body: (inout BaileysWriter, Element) -> Void
    ) {
        begin(name)
        text += Self.list(of: elements, body)
    }

    /// Such a list with nothing around it.
    static func list<Element>(of elements: [Element], _ body: (inout BaileysWriter, Element) -> Void) -> String {
        let objects = elements.map { element in
            var inner = BaileysWriter()
            body(&inner, element)
            return inner.text + "}"
        }
        return "[" + objects.joined(separator: ",") + "]"
    }

    /// Bytes as Node writes them where nothing was said of base64.
    mutating func numbers(_ name: String, _ bytes: [UInt8]) {
        object(name) { record in
            record.text("type", "Buffer")
            record.begin("data")
            record.text += "[" + bytes.map(String.init).joined(separator: ",") + "]"
        }
    }

    consuming func finish() -> [UInt8] {
        Array((text + "}").utf8)
    }

    private mutating func begin(_ name: String) {
        if text.utf8.count > 1 { text += "," }
        text += Self.quoted(name) + ":"
    }

    /// Escapes what `JSON.stringify` escapes, and nothing else.
    static func quoted(_ value: String) -> String {
        var quoted = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{08}": quoted += "\\b"
            case "\u{0C}": quoted += "\\f"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\0"..<" ":
                let code = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - code.count) + code
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

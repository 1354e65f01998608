/// The fields of a JSON object, read one by one into a type that cannot hold a bad value.
struct JSONFields {
    private let members: [String: JSONValue]

    /// Refuses everything but an object that has no fields other than `known`.
    init(_ value: JSONValue, known: [String]) throws(RequestError) {
        guard case .object(let members) = value else { throw .notAnObject }
        // Sorted, so that the same body always gets the same answer.
        if let stranger = members.keys.sorted().first(where: { !known.contains($0) }) {
            throw .unknownField(stranger, known: known)
        }
        self.members = members
    }

    /// A text, or nil when the field is missing or null.
    func text(_ name: String) throws(RequestError) -> String? {
        switch members[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw .wrongType(name, expected: "a text")
        }
    }

    func requiredText(_ name: String) throws(RequestError) -> String {
        guard let text = try text(name) else { throw .missingField(name) }
        return text
    }

    /// A list of texts; empty when the field is missing or null.
    func texts(_ name: String) throws(RequestError) -> [String] {
        switch members[name] {
        case nil, .null: return []
        case .array(let elements):
            var texts: [String] = []
            for element in elements {
                guard case .string(let text) = element else { throw .wrongType(name, expected: "a list of texts") }
                texts.append(text)
            }
            return texts
        default: throw .wrongType(name, expected: "a list of texts")
        }
    }

    /// True or false, or nil when the field is missing or null.
    func flag(_ name: String) throws(RequestError) -> Bool? {
        switch members[name] {
        case nil, .null: return nil
        case .bool(let flag): return flag
        default: throw .wrongType(name, expected: "true or false")
        }
    }

    /// Whatever was sent, null included; nil when the field is missing.
    func sent(_ name: String) -> JSONValue? { members[name] }

    /// Any value but null.
    func required(_ name: String) throws(RequestError) -> JSONValue {
        switch members[name] {
        case nil, .null: throw .missingField(name)
        case .some(let value): return value
        }
    }

    /// A whole number from zero up, or nil when the field is missing or null.
    func count(_ name: String) throws(RequestError) -> UInt64? {
        switch members[name] {
        case nil, .null: return nil
        case .number(let number):
            if let count = UInt64(exactly: number) { return count }
        default: break
        }
        throw .wrongType(name, expected: "a whole number")
    }
}

import Foundation
import Testing

@testable import WhatsApp

/// The fixture and ways to damage it.
enum SessionIDFixtures {
    static func credentialsFile() throws -> [UInt8] {
        let url = try #require(
            Bundle.module.url(forResource: "creds", withExtension: "json", subdirectory: "Fixtures/SessionIDs")
        )
        return Array(try Data(contentsOf: url))
    }

    static func json() throws -> JSONValue {
        try JSONValue.parse(credentialsFile(), limits: .credentials)
    }

    static func credentials() throws -> Credentials {
        try BaileysCredentials.decode(credentialsFile())
    }

    /// The fixture without white space.
    static func compact() throws -> String { try json().text }
}

extension JSONValue {
    /// Compact JSON.
    var text: String {
        switch self {
        case .null: "null"
        case .bool(let bool): bool ? "true" : "false"
        case .number(let number): number
        case .string(let string): Self.quoted(string)
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { Self.quoted($0.name) + ":" + $0.value.text }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ string: String) -> String {
        let escaped = string.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
        return "\"\(escaped)\""
    }

    /// The value at a path; nil where there is none.
    subscript(path: String) -> JSONValue? {
        path.split(separator: ".").reduce(JSONValue?.some(self)) { value, name in
            guard case .object(let members) = value else { return nil }
            return members.first { $0.name == name }?.value
        }
    }

    /// The same with the value at a path replaced, added, or with nil taken away.
    func setting(_ path: String, to replacement: JSONValue?) -> JSONValue {
        guard case .object(var members) = self else { return self }
        let parts = path.split(separator: ".", maxSplits: 1)
        let name = String(parts[0])
        let old = members.first { $0.name == name }?.value
        let new = parts.count == 1 ? replacement : (old ?? .object([])).setting(String(parts[1]), to: replacement)
        let member = new.map { Member(name: name, value: $0) }
        if let index = members.firstIndex(where: { $0.name == name }) {
            members.replaceSubrange(index...index, with: member.map { [$0] } ?? [])
        } else if let member {
            members.append(member)
        }
        return .object(members)
    }

    /// The same with each `{"type":"Buffer",...}` written in another way.
    func rewritingBuffers(_ form: ([UInt8]) -> JSONValue) -> JSONValue {
        switch self {
        case .object(let members):
            if self["type"] == .string("Buffer"), case .string(let data) = self["data"] {
                return form(Base64.decode(data) ?? [])
            }
            return .object(members.map { Member(name: $0.name, value: $0.value.rewritingBuffers(form)) })
        case .array(let values):
            return .array(values.map { $0.rewritingBuffers(form) })
        default:
            return self
        }
    }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

import Foundation
import Testing

/// `Fixtures/add-ons.json`.
struct AddOnVectors {
    private let groups: [String: [String: Any]]

    init() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/add-ons", withExtension: "json"))
        groups = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: [String: Any]])
    }

    func text(_ group: String, _ name: String) throws -> String {
        try #require(groups[group]?[name] as? String)
    }

    func texts(_ group: String, _ name: String) throws -> [String] {
        try #require(groups[group]?[name] as? [String])
    }

    func bytes(_ group: String, _ name: String) throws -> [UInt8] {
        let digits = Array(try text(group, name))
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            try #require(UInt8(String(digits[index..<index + 2]), radix: 16))
        }
    }
}

internal import Accounts

/// The texts of all languages: `templates/strings/LANGUAGE/GROUP.json`.
struct Translations: Sendable {
    private let languages: [Language: Strings]
    /// What is in English in the program itself; other languages have it beside their texts.
    private static let errors = "errors"

    /// Throws when a language lacks a text that another has.
    init(share: ShareFolder) throws(ShareFolderError) {
        var languages: [Language: Strings] = [:]
        let files = try share.files(in: "templates/strings")
        for language in Language.allCases {
            var entries: [String: StringGroup.Entry] = [:]
            for file in files where file.hasPrefix("\(language.rawValue)/") && file.hasSuffix(".json") {
                let name = file.dropFirst(language.rawValue.count + 1).dropLast(".json".count)
                entries[String(name)] = try Self.entry(file: "templates/strings/\(file)", share: share)
            }
            languages[language] = Strings(language: language, root: StringGroup(entries: entries))
        }
        self.languages = languages
        let names = languages.mapValues { Set($0.root.names.filter { !$0.hasPrefix("\(Self.errors).") }) }
        let all = names.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        for (language, own) in names {
            if let lacking = all.subtracting(own).sorted().first {
                throw .broken("templates/strings/\(language.rawValue)", reason: "it lacks the text \(lacking)")
            }
        }
    }

    subscript(language: Language) -> Strings {
        // Every language was read at start.
        languages[language] ?? Strings(language: language, root: StringGroup(entries: [:]))
    }

    private static func entry(file: String, share: ShareFolder) throws(ShareFolderError) -> StringGroup.Entry {
        let bytes = try share.contents(of: file)
        let value: JSONValue
        do throws(RequestError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw .broken(file, reason: error.message)
        }
        return try entry(value, file: file)
    }

    private static func entry(_ value: JSONValue, file: String) throws(ShareFolderError) -> StringGroup.Entry {
        switch value {
        case .string(let text): return .text(text)
        case .object(let members):
            var entries: [String: StringGroup.Entry] = [:]
            for (name, member) in members { entries[name] = try entry(member, file: file) }
            return .group(StringGroup(entries: entries))
        default: throw .broken(file, reason: "there is something that is neither a text nor a group")
        }
    }
}

import Foundation

/// Finds links in texts, also those without `https://`.
enum LinkFinder {
    /// Endings of hosts that make a word with a dot a link.
    private static let endings: Set<String> = [
        "app", "art", "biz", "blog", "br", "ca", "cc", "ch", "click", "club", "cn", "co", "com", "de", "dev", "es",
        "eu",
        "fm", "fr", "fun", "gg", "gl", "id", "in", "info", "io", "it", "jp", "ke", "link", "live", "ly", "me", "mobi",
        "my",
        "net", "ng", "nl", "online", "org", "ph", "pk", "pl", "pro", "pt", "ru", "shop", "site", "space", "store", "su",
        "tech", "tk", "to", "top", "tv", "ua", "uk", "us", "vip", "website", "wiki", "win", "world", "xyz", "za",
    ]

    /// The hosts that a text links to, each once, at most sixteen.
    static func hosts(in text: String) -> [String] {
        guard text.utf8.contains(0x2E) || text.contains("。") else { return [] }
        var hosts: [String] = []
        let separators: (Character) -> Bool = { $0.isWhitespace || "<>()[]{}\"'|,;*_~".contains($0) }
        for word in text.lowercased().split(whereSeparator: separators) where hosts.count < 16 {
            guard let host = host(of: word), !hosts.contains(host) else { continue }
            hosts.append(host)
        }
        return hosts
    }

    private static func host(of word: Substring) -> String? {
        var rest = word
        var hasScheme = false
        for scheme in ["https://", "http://"] {
            guard let range = rest.range(of: scheme) else { continue }
            rest = rest[range.upperBound...]
            hasScheme = true
        }
        var host = rest.prefix { !"/?#:".contains($0) }
        if let at = host.lastIndex(of: "@") {
            // An address for mails, unless a scheme makes it a name and a password.
            guard hasScheme else { return nil }
            host = host[host.index(after: at)...]
        }
        while host.last == "." { host = host.dropLast() }
        if host.hasPrefix("www.") { host = host.dropFirst(4) }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, labels.allSatisfy({ !$0.isEmpty }), let last = labels.last,
            hasScheme || endings.contains(String(last))
        else { return nil }
        return String(host.prefix(253))
    }
}

/// Finds words that must not be said, also where letters are replaced or drawn out.
enum WordFinder {
    static func find(_ words: [String], in text: String) -> String? {
        guard !words.isEmpty else { return nil }
        let tokens = tokens(of: text)
        let all = Set(tokens)
        let joined = " " + tokens.joined(separator: " ") + " "
        return words.first { word in
            let wanted = Self.tokens(of: word)
            guard let first = wanted.first else { return false }
            return wanted.count == 1 ? all.contains(first) : joined.contains(" \(wanted.joined(separator: " ")) ")
        }
    }

    private static let replaced: [Character: Character] = [
        "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s",
    ]

    /// Words of letters, lower case, without accents, each letter once in a row.
    static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        var current = ""
        for character in text.prefix(4_096).lowercased().decomposed {
            if character.unicodeScalars.first?.properties.canonicalCombiningClass != .notReordered { continue }
            let plain = replaced[character] ?? character
            guard plain.isLetter || plain.isNumber else {
                if !current.isEmpty { tokens.append(current) }
                current = ""
                continue
            }
            if current.last != plain { current.append(plain) }
        }
        if !current.isEmpty { tokens.append(current) }
        return tokens
    }
}

extension String {
    /// Letters without their accents, as characters of one scalar each.
    fileprivate var decomposed: [Character] {
        decomposedStringWithCompatibilityMapping.unicodeScalars.map(Character.init)
    }
}

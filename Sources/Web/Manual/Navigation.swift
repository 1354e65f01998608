internal import Accounts
internal import Foundation

/// `docs/navigation.json`: the manual's pages in their order.
struct Navigation: Decodable, Sendable {
    struct Section: Decodable, Sendable {
        let title: String
        /// In other languages than English.
        let titles: [String: String]?
        let pages: [Page]

        func title(in language: Language) -> String { titles?[language.rawValue] ?? title }
    }

    struct Page: Decodable, Sendable {
        /// The address below `/docs`; empty for the first page.
        let slug: String
        let title: String
        let file: String
        /// In other languages than English.
        let titles: [String: String]?
        let files: [String: String]?

        func title(in language: Language) -> String { titles?[language.rawValue] ?? title }

        func file(in language: Language) -> String { files?[language.rawValue] ?? file }

        var url: String { slug.isEmpty ? "/docs" : "/docs/\(slug)" }
    }

    let sections: [Section]

    var pages: [Page] { sections.flatMap(\.pages) }

    init(share: ShareFolder) throws(ShareFolderError) {
        let file = "docs/navigation.json"
        let bytes = try share.contents(of: file)
        do {
            self = try JSONDecoder().decode(Navigation.self, from: Data(bytes))
        } catch {
            throw .broken(file, reason: "\(error)")
        }
        guard pages.contains(where: \.slug.isEmpty) else {
            throw .broken(file, reason: "no page has the empty slug, which is that of /docs")
        }
        let isSlug: (String) -> Bool = { slug in
            slug.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "-") || (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
            }
        }
        if let wrong = pages.first(where: { !isSlug($0.slug) || $0.slug == "images" }) {
            throw .broken(file, reason: "the slug “\(wrong.slug)” is none")
        }
        guard Set(pages.map(\.slug)).count == pages.count else { throw .broken(file, reason: "a slug appears twice") }
    }
}

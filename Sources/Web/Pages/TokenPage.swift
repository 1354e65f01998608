internal import Accounts

/// A page that is the same for everybody but for its colours, its language and its form's token: made once, filled in per request.
struct TokenPage: Sendable {
    private struct Look: Hashable {
        let language: Language
        let theme: Theme?
    }

    private let variants: [Look: [Substring]]

    /// `page` makes the page with the token it is given, in the language whose texts it is given.
    init<Page: PageFrame>(
        of template: PageTemplate,
        with renderer: PageRenderer,
        page: (_ token: String, _ strings: Strings) -> Page
    ) {
        let mark = "token-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
        var variants: [Look: [Substring]] = [:]
        for language in Language.allCases {
            let strings = renderer.strings(language)
            let marked = page(mark, strings)
            for theme in [nil] + Theme.allCases.map(Optional.some) {
                let html = renderer.html(marked, of: template, theme: theme, strings: strings)
                variants[Look(language: language, theme: theme)] = html.split(separator: mark)
            }
        }
        self.variants = variants
    }

    func html(token: String, language: Language, theme: Theme?) -> String {
        // All looks were made at start.
        (variants[Look(language: language, theme: theme)] ?? []).joined(separator: token)
    }
}

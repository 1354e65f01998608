internal import Accounts
internal import HTTPTypes
internal import Hummingbird

/// A page that is the same for everybody but for its colours and its language, made once at start.
struct CachedPage: Sendable {
    private struct Look: Hashable {
        let language: Language
        let theme: Theme?
    }

    private let variants: [Look: StoredContent]

    /// `page` makes the page in the language whose texts it is given.
    init<Page: PageFrame>(of template: PageTemplate, with renderer: PageRenderer, page: (Strings) -> Page) {
        var variants: [Look: StoredContent] = [:]
        for language in Language.allCases {
            let strings = renderer.strings(language)
            let made = page(strings)
            for theme in [nil] + Theme.allCases.map(Optional.some) {
                let html = renderer.html(made, of: template, theme: theme, strings: strings)
                variants[Look(language: language, theme: theme)] = StoredContent(
                    Array(html.utf8),
                    contentType: "text/html; charset=utf-8",
                    isCompressible: true
                )
            }
        }
        self.variants = variants
    }

    func response(to request: Request) throws -> Response {
        // All looks were made at start.
        guard let content = variants[Look(language: Language(request), theme: Theme(request))] else {
            throw InternalError()
        }
        return content.response(
            to: request,
            cacheControl: "private, no-cache",
            headers: [.vary: "Cookie, Accept-Language"]
        )
    }
}

/// A page that is the same for everybody but for its colours and its form's token: made once, filled in per request.
struct TokenPage: Sendable {
    private let plain: [Substring]
    private let themed: [Theme: [Substring]]

    /// `page` makes the page with the token it is given.
    init<Page: PageFrame>(of template: PageTemplate, with renderer: PageRenderer, page: (String) -> Page) {
        let mark = "token-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
        let marked = page(mark)
        let parts: (Theme?) -> [Substring] = { renderer.html(marked, of: template, theme: $0).split(separator: mark) }
        plain = parts(nil)
        themed = Dictionary(uniqueKeysWithValues: Theme.allCases.map { ($0, parts($0)) })
    }

    func html(token: String, theme: Theme?) -> String {
        (theme.flatMap { themed[$0] } ?? plain).joined(separator: token)
    }
}

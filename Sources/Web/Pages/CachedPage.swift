internal import HTTPTypes
internal import Hummingbird

/// A page that is the same for everybody but for its colours, made once at start.
struct CachedPage: Sendable {
    private let plain: StoredContent
    private let themed: [Theme: StoredContent]

    init(_ page: some PageFrame, of template: PageTemplate, with renderer: PageRenderer) {
        let stored: (Theme?) -> StoredContent = { theme in
            let html = renderer.html(page, of: template, theme: theme)
            return StoredContent(Array(html.utf8), contentType: "text/html; charset=utf-8", isCompressible: true)
        }
        plain = stored(nil)
        themed = Dictionary(uniqueKeysWithValues: Theme.allCases.map { ($0, stored($0)) })
    }

    func response(to request: Request) -> Response {
        let content = Theme(request).flatMap { themed[$0] } ?? plain
        return content.response(to: request, cacheControl: "private, no-cache", headers: [.vary: "Cookie"])
    }
}

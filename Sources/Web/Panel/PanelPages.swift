internal import Accounts
internal import HTTPTypes
internal import Hummingbird

/// Prints pages for one browser: its language, its form's token, its account around them.
///
/// How to add a page stands in `templates/README.md`.
struct PanelPages: Sendable {
    let pages: PageRenderer
    let tokens: FormTokens
    let accounts: AccountsService

    func strings(_ request: Request) -> Strings {
        pages.strings(Language(request))
    }

    /// A page in the panel's layout, for whoever is logged in.
    func response(
        _ page: some PanelPage,
        of template: PageTemplate,
        to request: Request,
        _ context: WebContext,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) async throws -> Response {
        let viewer = try context.signedIn()
        let strings = strings(request)
        let (token, cookie) = tokens.token(for: request)
        var headers = headers
        headers[.cacheControl] = "no-store"
        add(cookie, to: &headers)
        let toast = toast(of: request, strings, &headers)
        let frame = PanelFrame(
            viewer,
            at: page.panelPlace,
            csrf: token,
            here: request.uri.path,
            strings: strings,
            announcements: try await accounts.announcements().map {
                PanelFrame.Announcement(announcementText: $0.message, announcementKind: $0.kind.rawValue)
            },
            settings: try await accounts.panelSettings(),
            toast: toast
        )
        return pages.response(
            page,
            of: template,
            to: request,
            status: status,
            headers: headers,
            strings: strings,
            around: frame
        )
    }

    /// A page in the public layout; `page` is given the form's token.
    func publicResponse<Page: PageFrame>(
        of template: PageTemplate,
        to request: Request,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:],
        page: (_ csrf: String, _ strings: Strings, _ toast: String?) -> Page
    ) -> Response {
        let strings = strings(request)
        let (token, cookie) = tokens.token(for: request)
        var headers = headers
        headers[.cacheControl] = "no-store"
        add(cookie, to: &headers)
        let toast = toast(of: request, strings, &headers)
        return pages.response(
            page(token, strings, toast),
            of: template,
            to: request,
            status: status,
            headers: headers,
            strings: strings
        )
    }

    private func toast(of request: Request, _ strings: Strings, _ headers: inout HTTPFields) -> String? {
        guard let name = Flash.text(of: request) else { return nil }
        add(Flash.removal, to: &headers)
        return strings.find("flash.\(name)")
    }

    private func add(_ cookie: String?, to headers: inout HTTPFields) {
        if let cookie { headers.append(HTTPField(name: .setCookie, value: cookie)) }
    }
}

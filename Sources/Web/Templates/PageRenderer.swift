internal import Accounts
internal import HTTPTypes
internal import Hummingbird
internal import Mustache
internal import NIOCore

/// Makes pages from templates, all of which are read and checked once at start.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    private let assetBase: String
    private let isSandbox: Bool
    private let version: String
    private let translations: Translations

    /// Throws when a template is missing or malformed, uses a part that does not exist, or names an asset that is not there.
    init(share: ShareFolder, assets: AssetStore, isSandbox: Bool, version: String) throws(ShareFolderError) {
        var templates: [String: MustacheTemplate] = [:]
        var sources: [String: String] = [:]
        for file in try share.files(in: "templates") where file.hasSuffix(".mustache") {
            let source = try share.text(of: "templates/\(file)")
            let name = String(file.dropLast(".mustache".count))
            sources[name] = source
            do {
                templates[name] = try MustacheTemplate(string: source)
            } catch {
                throw .broken("templates/\(file)", reason: "\(error)")
            }
        }
        for needed in PageTemplate.allCases where templates[needed.rawValue] == nil {
            throw .missing("templates/\(needed.rawValue).mustache")
        }
        for (name, source) in sources {
            for part in source.matches(of: #/\{\{[><]\s*([A-Za-z0-9\/_-]+)\s*\}\}/#)
            where templates[String(part.1)] == nil {
                throw .missing("templates/\(part.1).mustache (used by \(name))")
            }
            for asset in source.matches(of: #/\{\{assetBase\}\}\/([A-Za-z0-9\/._-]+)/#)
            where !assets.contains(String(asset.1)) {
                throw .missing("web/\(asset.1) (used by templates/\(name).mustache)")
            }
        }
        translations = try Translations(share: share)
        for (name, source) in sources {
            for text in source.matches(of: #/\{\{[#^&]?\s*t\.([A-Za-z0-9_.]+)\s*\}\}/#)
            where translations[.english].find(String(text.1)) == nil {
                throw .broken("templates/\(name).mustache", reason: "there is no text \(text.1)")
            }
        }
        library = MustacheLibrary(templates: templates)
        assetBase = assets.base
        self.isSandbox = isSandbox
        self.version = version
    }

    func strings(_ language: Language) -> Strings { translations[language] }

    /// `around` is what the layout of logged-in pages prints besides.
    func html(
        _ page: some PageFrame,
        of template: PageTemplate,
        theme: Theme?,
        strings: Strings? = nil,
        around panel: PanelFrame? = nil
    ) -> String {
        let strings = strings ?? translations[.english]
        let frame = FrameValues(
            title: page.title,
            description: page.description,
            canonicalPath: page.canonicalPath,
            assetBase: assetBase,
            theme: theme?.rawValue,
            language: strings.language.rawValue,
            sandbox: isSandbox,
            version: version.isEmpty ? nil : version,
            isHome: page.place == .home,
            isGenerate: page.place == .generate,
            isDocs: page.place == .docs,
            isLogin: page.place == .login
        )
        let values = PageValues(
            t: strings.root,
            layers: [TemplateValue(page)] + [panel.map(TemplateValue.init), TemplateValue(frame)].compactMap { $0 }
        )
        // Every case of PageTemplate was found at start.
        return library.render(values, withTemplate: template.rawValue) ?? ""
    }

    /// One page for one request, in the colours that its cookie asks for.
    func response(
        _ page: some PageFrame,
        of template: PageTemplate,
        to request: Request,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:],
        strings: Strings? = nil,
        around panel: PanelFrame? = nil
    ) -> Response {
        let html = html(page, of: template, theme: Theme(request), strings: strings, around: panel)
        return Self.response(html: html, status: status, headers: headers)
    }

    static func response(
        html: String,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = "text/html; charset=utf-8"
        if headers[.cacheControl] == nil { headers[.cacheControl] = "private, no-cache" }
        headers[values: .vary] += ["Cookie", "Accept-Language"]
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
    }
}

extension Theme {
    init?(_ request: Request) {
        guard let name = Cookies(request.headers)["theme"] else { return nil }
        self.init(rawValue: name)
    }
}

private struct FrameValues {
    let title: String
    let description: String
    let canonicalPath: String?
    let assetBase: String
    let theme: String?
    let language: String
    let sandbox: Bool
    let version: String?
    let isHome: Bool
    let isGenerate: Bool
    let isDocs: Bool
    let isLogin: Bool
}

/// A page's own values, and behind them those of the frame.
private struct PageValues: MustacheParent {
    let t: StringGroup
    /// The innermost first.
    let layers: [TemplateValue]

    func child(named name: String) -> Any? {
        // By far the most frequent.
        if name == "t" { return t }
        for layer in layers {
            if let value = layer.child(named: name) { return value }
        }
        return nil
    }
}

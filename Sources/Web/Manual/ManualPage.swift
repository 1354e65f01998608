internal import Accounts

/// A page of the manual, `/docs/…`.
struct ManualPage: PageFrame, Sendable {
    struct Section: Sendable {
        let title: String
        let pages: [Link]
    }

    struct Link: Sendable {
        let url: String
        let title: String
        let current: Bool
    }

    let title: String
    let description: String
    let canonicalPath: String?
    let place = PagePlace.docs
    let sections: [Section]
    /// The language that the text is written in.
    let writtenIn: String
    /// Says so where the page is not written in the reader's language.
    let fallback: String?
    let html: SafeHTML
    let hasTOC: Bool
    let toc: [Markdown.Heading]
    let previous: Link?
    let next: Link?

    /// A page of the manual; `page` is nil for one that stands outside its navigation.
    init(
        _ content: Markdown,
        title: String,
        description: String,
        url: String,
        page: Navigation.Page?,
        in navigation: Navigation,
        strings: Strings
    ) {
        self.title = "\(title) · \(strings("docs.manual"))"
        let language = strings.language.rawValue
        writtenIn = page?.files?[language] == nil ? "en" : language
        fallback = writtenIn == language ? nil : strings("docs.fallback")
        self.description = description
        canonicalPath = url
        html = content.html
        toc = content.headings.filter { (2...3).contains($0.level) }
        hasTOC = toc.count > 1
        let link: (Navigation.Page) -> Link = {
            Link(url: $0.url, title: $0.title(in: strings.language), current: $0.slug == page?.slug)
        }
        sections = navigation.sections.map { Section(title: $0.title(in: strings.language), pages: $0.pages.map(link)) }
        let pages = navigation.pages
        let index = pages.firstIndex { $0.slug == page?.slug }
        previous = index.flatMap { $0 > 0 ? link(pages[$0 - 1]) : nil }
        next = index.flatMap { $0 + 1 < pages.count ? link(pages[$0 + 1]) : nil }
    }
}

/// The first page, `/`.
struct HomePage: PageFrame, Sendable {
    let title: String
    let description: String
    let canonicalPath: String? = "/"
    let place = PagePlace.home

    init(_ strings: Strings) {
        title = strings("home.title")
        description = strings("home.description")
    }
}

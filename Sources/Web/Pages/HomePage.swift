/// The first page, `/`.
struct HomePage: PageFrame, Sendable {
    let title = "Wharf: session IDs for WhatsApp bots"
    let description = """
        Link a phone by QR code or pairing code and copy a session ID that any Baileys-based bot accepts. In memory only, \
        complete in itself, wiped when you have it.
        """
    let canonicalPath: String? = "/"
    let place = PagePlace.home
}

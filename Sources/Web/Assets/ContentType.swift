/// What a file is, by its name.
struct ContentType: Equatable, Sendable {
    let text: String
    /// Whether packing it is worth while.
    let isCompressible: Bool

    /// Nil for a kind of file that we do not serve.
    init?(fileName: String) {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        switch fileName[dot...].dropFirst().lowercased() {
        case "css": self.init("text/css; charset=utf-8", isCompressible: true)
        case "js", "mjs": self.init("text/javascript; charset=utf-8", isCompressible: true)
        case "json", "map": self.init("application/json; charset=utf-8", isCompressible: true)
        case "webmanifest": self.init("application/manifest+json", isCompressible: true)
        case "svg": self.init("image/svg+xml", isCompressible: true)
        case "txt", "md": self.init("text/plain; charset=utf-8", isCompressible: true)
        case "html": self.init("text/html; charset=utf-8", isCompressible: true)
        case "png": self.init("image/png", isCompressible: false)
        case "jpg", "jpeg": self.init("image/jpeg", isCompressible: false)
        case "webp": self.init("image/webp", isCompressible: false)
        case "gif": self.init("image/gif", isCompressible: false)
        case "ico": self.init("image/x-icon", isCompressible: false)
        case "woff2": self.init("font/woff2", isCompressible: false)
        default: return nil
        }
    }

    private init(_ text: String, isCompressible: Bool) {
        self.text = text
        self.isCompressible = isCompressible
    }
}

internal import HTTPTypes
internal import Hummingbird

/// The files of `web/`, in memory, below an address that changes with any of them.
struct AssetStore: Sendable {
    /// `/assets/HASH`, without a slash at the end.
    let base: String
    private let files: [String: StoredContent]

    init(share: ShareFolder) throws(ShareFolderError) {
        var files: [String: StoredContent] = [:]
        var parts: [[UInt8]] = []
        for name in try share.files(in: "web") {
            guard let type = ContentType(fileName: name) else { continue }
            let bytes = try share.contents(of: "web/\(name)")
            parts += [Array(name.utf8), bytes]
            files[name] = StoredContent(bytes, contentType: type.text, isCompressible: type.isCompressible)
        }
        self.files = files
        base = "/assets/" + Fingerprint.of(parts)
    }

    func contains(_ name: String) -> Bool {
        files[name] != nil
    }

    /// Answers for `/assets/HASH/NAME`: only exact names are known, so no path leads out of the folder.
    func response(to request: Request) throws(RequestError) -> Response {
        let path = request.uri.path
        guard path.hasPrefix(base + "/"), let file = files[String(path.dropFirst(base.count + 1))] else {
            throw .notFound
        }
        return file.response(to: request, cacheControl: "public, max-age=31536000, immutable")
    }

    /// The same for one file at an address that never changes, such as `/favicon.ico`.
    func response(to request: Request, named name: String) -> Response? {
        files[name]?.response(to: request, cacheControl: "public, max-age=86400")
    }
}

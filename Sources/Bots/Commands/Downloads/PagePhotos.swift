import Foundation
import HTTPClient
import MediaTools
import WhatsApp

/// The pictures that a page names as its own, or an address that is a picture itself.
struct PagePhotos {
    /// As many as an album of a phone shows well.
    static let limit = 10
    private static let pageLimit = 4 << 20
    private static let pictureLimit = 16 << 20

    let http: HTTPClient
    let asksPublicOnly: Bool

    /// Empty where there is none; pictures that cannot be fetched are left out.
    func fetch(_ address: String) async -> [[UInt8]] {
        guard let first = await get(address), let content = first.header("Content-Type")?.lowercased() else {
            return []
        }
        if content.hasPrefix("image/") { return Self.isPicture(first.body) ? [first.body] : [] }
        guard content.hasPrefix("text/html"), first.body.count <= Self.pageLimit else { return [] }
        let named = Self.pictures(in: String(decoding: first.body, as: UTF8.self), of: address)
        return await withTaskGroup(of: (Int, [UInt8]?).self) { group in
            for (index, address) in named.enumerated() {
                group.addTask {
                    guard let bytes = await get(address)?.body, Self.isPicture(bytes) else { return (index, nil) }
                    return (index, bytes)
                }
            }
            var found: [Int: [UInt8]] = [:]
            for await (index, bytes) in group { found[index] = bytes }
            return found.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    static func isNamedPicture(_ address: String) -> Bool {
        let path = URL(string: address)?.path.lowercased() ?? ""
        return [".jpg", ".jpeg", ".png", ".webp"].contains { path.hasSuffix($0) }
    }

    private func get(_ address: String) async -> HTTPResponse? {
        var request = HTTPRequest(.get, address, headers: [HTTPHeader("Accept", "text/html,image/*")])
        request.timeout = .seconds(20)
        request.responseLimit = Self.pictureLimit
        request.redirects = .followed(limit: 5)
        request.isPublicOnly = asksPublicOnly
        guard let response = try? await http.send(request), (200..<300).contains(response.status) else { return nil }
        return response
    }

    private static func isPicture(_ bytes: [UInt8]) -> Bool {
        [.jpeg, .png, .webp].contains(ImageFormat(bytes)?.kind)
    }

    /// What the page's `og:image` tags name, each address once, in their order.
    static func pictures(in page: String, of address: String) -> [String] {
        guard let base = URL(string: address) else { return [] }
        var found: [String] = []
        for tag in page.matches(of: /<meta\s[^<>]{0,4096}>/.ignoresCase()) where found.count < limit {
            let text = String(tag.output)
            let name = attribute("property", of: text) ?? attribute("name", of: text)
            guard let name = name?.lowercased(), ["og:image", "og:image:url", "og:image:secure_url"].contains(name),
                let content = attribute("content", of: text)?.replacing("&amp;", with: "&"),
                let url = URL(string: content, relativeTo: base)?.absoluteString,
                CommandArguments.webAddress(url) != nil, !found.contains(url)
            else { continue }
            found.append(url)
        }
        return found
    }

    private static func attribute(_ name: String, of tag: String) -> String? {
        for quote in ["\"", "'"] {
            guard let start = tag.range(of: "\(name)=\(quote)", options: .caseInsensitive),
                let end = tag[start.upperBound...].range(of: quote)
            else { continue }
            return String(tag[start.upperBound..<end.lowerBound])
        }
        return nil
    }
}

extension CommandContext {
    /// Answers with the pictures of a page; false where it has none.
    func replyPictures(of address: String) async throws -> Bool {
        let photos = PagePhotos(http: services.http, asksPublicOnly: services.asksPublicOnly)
        var isFirst = true
        for var bytes in await photos.fetch(address) {
            // Phones show no WebP as a picture.
            if ImageFormat(bytes)?.kind == .webp { bytes = try await mediaTools().image(from: bytes, for: toolKey) }
            try await replyPicture(bytes, caption: isFirst ? address : nil)
            isFirst = false
        }
        return !isFirst
    }
}

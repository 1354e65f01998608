import Foundation
import HTTPTypes
import Testing

@testable import Web

/// `pictures.json` says for each page which pictures of it the tests in a browser take, all of which they do.
struct PictureTests {
    private struct Pictures: Decodable {
        let routes: [String: [String]]
        let errors: [String: [String]]
    }

    private static let file = "Tests/EndToEndTests/Browser/pictures.json"

    /// What people open and is no page: files, and addresses that only lead elsewhere.
    private static let others: Set<String> = [
        "GET /admin/audit.csv", "GET /assets/**", "GET /bots/{id}/log/download", "GET /docs/images/{name}",
        "GET /favicon.ico", "GET /link/{slug}", "GET /login/with/{provider}", "GET /robots.txt",
    ]

    private let pictures: Pictures

    init() throws {
        let file = URL(fileURLWithPath: sharePath).appendingPathComponent(Self.file)
        pictures = try JSONDecoder().decode(Pictures.self, from: Data(contentsOf: file))
    }

    @Test func everyPageHasAPicture() throws {
        let pages = try allRoutes().filter { $0.method == .get && !$0.isForMachines && !Self.others.contains($0.name) }
        #expect(pages.count >= 50)
        for page in pages {
            let isSeen = pictures.routes[page.name]?.isEmpty == false
            #expect(isSeen, "\(page.name): take a picture of it, see \(Self.file)")
        }
    }

    @Test func everyPictureIsOfAPage() throws {
        let known = Set(try allRoutes().map(\.name))
        #expect(Set(pictures.routes.keys).subtracting(known) == [])
        #expect(Self.others.subtracting(known) == [])
        let names = Array(pictures.routes.values.joined()) + Array(pictures.errors.values.joined())
        #expect(Set(names).count == names.count, "two pages may not overwrite each other's picture")
    }
}

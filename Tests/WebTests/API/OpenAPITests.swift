import Fleet
import Foundation
import HTTPTypes
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct OpenAPITests {
    private func document() throws -> [String: Any] {
        let bytes = try ShareFolder(path: sharePath).contents(of: "docs/openapi.json")
        return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    /// `GET /path` of everything that the document describes.
    private func described() throws -> Set<String> {
        let paths = try #require(try document()["paths"] as? [String: [String: Any]])
        return Set(
            paths.flatMap { path, item in
                item.keys.filter { $0 != "parameters" }.map { "\($0.uppercased()) \(path)" }
            }
        )
    }

    @Test func everyCallIsDescribedAndNothingElse() throws {
        let machines = ["/api/", "/ws", "/health", "/ready", "/metrics"]
        let served = try allRoutes().filter { route in machines.contains { route.path.hasPrefix($0) } }
        #expect(try described() == Set(served.map { "\($0.method.rawValue) \($0.path)" }))
    }

    @Test func referencesLeadSomewhere() throws {
        let document = try document()
        func check(_ value: Any) {
            if let object = value as? [String: Any] {
                if let reference = object["$ref"] as? String {
                    var target: Any? = document
                    for part in reference.dropFirst(2).split(separator: "/") {
                        target = (target as? [String: Any])?[String(part)]
                    }
                    #expect(target != nil, "\(reference)")
                }
                object.values.forEach(check)
            } else if let list = value as? [Any] {
                list.forEach(check)
            }
        }
        check(document)
        #expect(document["openapi"] as? String == "3.1.0")
    }

    @Test func theListingNamesEveryCallAndField() async throws {
        let calls = try described()
        try await withSite { (site) async throws in
            let html = try await site.get("/api-docs").text
            for call in calls { #expect(html.contains("<code>\(call)</code>"), "\(call)") }
            for field in ["method", "phone", "format", "prefix", "sessionID", "checkLogin", "assertion"] {
                #expect(html.contains("<code>\(field)</code>"))
            }
        }
    }

    @Test func theDocumentIsServed() async throws {
        try await withSite { (site) async throws in
            let document = try document()
            let reply = try await site.get("/api/openapi.json")
            #expect(reply["Content-Type"] == "application/json; charset=utf-8")
            #expect(try NSDictionary(dictionary: reply.json()) == NSDictionary(dictionary: document))
        }
    }
}

import Bots
import Foundation
import Testing

@testable import Accounts
@testable import Web

/// Files that are added by a plain form, where no script runs.
@Suite(.timeLimit(.minutes(5)))
struct UploadTests {
    private static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0, 0, 0, 0]

    @Test(arguments: ["rules", "custom"])
    func aFileIsAddedAndWhatWasTypedStays(part: String) async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let page = "/bots/\(id)/\(part)"
            #expect(
                try await ada.get(page).text.contains("formaction=\"\(page)/file\" formenctype=\"multipart/form-data\"")
            )
            let (field, typed) = part == "rules" ? ("pattern", "the menu card") : ("summary", "the menu card")
            let added = try await ada.send(file: Self.png, named: "menu.png", "image/png", [(field, typed)], to: page)
            #expect(added.status == 200)
            #expect(added.text.contains(typed))
            #expect(AccessibilityLint(added.text).complaints == [])
            let chosen = try #require(added.text.firstMatch(of: #/<option value="([0-9a-f-]+)" selected>menu.png/#))
            // The form that came back is one that saves the rule or the command with the file.
            let file = String(chosen.1)
            let form = ["match": "contains", "pattern": typed, "name": "card", "kind": "text", "file": file]
            #expect(try await ada.post(page, form, from: page).status == 303)
            let files = try await ada.get("/api/bots/\(id)/files").json()["files"] as? [[String: Any]]
            #expect(files?.count == 1)
            #expect(try await ada.get("/api/bots/\(id)/files/\(file)").body == Self.png)
        }
    }

    @Test func whatCannotBeTakenIsToldBesideTheField() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let page = "/bots/\(id)/rules"
            let large = [UInt8](repeating: 1, count: BotFile.limit + (1 << 20))
            for (name, type, bytes, kind, status) in [
                ("menu.svg", "image/svg+xml", Array("<svg/>".utf8), "image", 422), ("", "image/png", [], "", 422),
                ("a.txt", "text/plain", [], "", 422), ("a.png", "image/png", Self.png, "odd", 422),
                ("large.txt", "text/plain", large, "", 422),
            ] {
                let fields = [("upload-kind", kind), ("pattern", "the menu card")]
                let reply = try await ada.send(file: bytes, named: name, type, fields, to: page)
                #expect(reply.status == status, "\(name)")
                #expect(reply.text.contains("id=\"new-file-error\""), "\(name)")
                #expect(reply.text.contains("the menu card"), "\(name)")
            }
            let files = try await ada.get("/api/bots/\(id)/files").json()["files"] as? [[String: Any]]
            #expect(files?.isEmpty == true)
        }
    }

    @Test func aFormWithoutItsTokenOrRightBringsNothing() async throws {
        try await withPanelSite { site, _ in
            let ada = PanelBrowser(site)
            _ = try await ada.register()
            let id = try await ada.deploy("Helper")
            let page = "/bots/\(id)/rules"
            let forged = try await ada.send(file: [1], named: "a", "text/plain", [("csrf", "forged")], to: page)
            #expect(forged.status == 403)
            let eve = PanelBrowser(site)
            _ = try await eve.register("eve@example.com", name: "Eve")
            #expect(try await eve.send(file: [1], named: "a", "text/plain", [], to: page).status != 200)
            let files = try await ada.get("/api/bots/\(id)/files").json()["files"] as? [[String: Any]]
            #expect(files?.isEmpty == true)
            // Forms that bring no files take none.
            #expect(try await ada.send(file: [1], named: "a", "text/plain", [], to: page, at: page).status == 415)
        }
    }
}

extension PanelBrowser {
    /// Sends a form with a file as a browser without scripts does, the fields before the file.
    fileprivate func send(
        file: [UInt8],
        named name: String,
        _ type: String,
        _ fields: [(String, String)],
        to page: String,
        at address: String? = nil
    ) async throws -> WebReply {
        let boundary = "----WharfTest"
        let token = try await get(page).csrf ?? ""
        let all = (fields.contains { $0.0 == "csrf" } ? [] : [("csrf", token)]) + fields
        var body: [UInt8] = []
        for (name, value) in all {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        let disposition = "Content-Disposition: form-data; name=\"upload\"; filename=\"\(name)\""
        body += Array("--\(boundary)\r\n\(disposition)\r\nContent-Type: \(type)\r\n\r\n".utf8)
        body += file + Array("\r\n--\(boundary)--\r\n".utf8)
        return try await upload(address ?? "\(page)/file", body, "multipart/form-data; boundary=\(boundary)", token)
    }
}

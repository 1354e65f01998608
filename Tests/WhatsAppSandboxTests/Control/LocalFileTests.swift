import Foundation
import Testing

@testable import WhatsAppSandbox

/// Files of this machine in phones' messages.
struct LocalFileTests {
    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sandbox-files-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test func accessFollowsTheListener() {
        #expect(LocalFiles(folder: nil, host: "127.0.0.1").access == .all)
        #expect(LocalFiles(folder: nil, host: "0.0.0.0").access == LocalFiles.Access.none)
        #expect(LocalFiles(folder: "/srv", host: "0.0.0.0").access == .below(folder: "/srv"))
    }

    @Test func onlyFilesBelowTheFolderAreRead() throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let inside = folder.appending(path: "inside")
        try FileManager.default.createDirectory(at: inside, withIntermediateDirectories: true)
        try Data([1, 2, 3]).write(to: inside.appending(path: "a.bin"))
        try Data([4]).write(to: folder.appending(path: "secret"))
        let link = inside.appending(path: "link").path
        try FileManager.default.createSymbolicLink(
            atPath: link,
            withDestinationPath: folder.appending(path: "secret").path
        )
        let files = LocalFiles(folder: inside.path, host: "0.0.0.0")
        #expect(try files.read(inside.appending(path: "a.bin").path) == [1, 2, 3])
        for bad in [
            folder.appending(path: "secret").path, inside.path + "/../secret", link, inside.path, inside.path + "/none",
            inside.path + "x/a",
        ] {
            #expect(throws: SandboxError.self, "\(bad)") { try files.read(bad) }
        }
        #expect(throws: SandboxError.self) { try LocalFiles(folder: nil, host: "0.0.0.0").read(link) }
    }

    @Test func phoneSendsAFileByPath() async throws {
        let folder = try folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "notes.txt")
        try Data("some notes".utf8).write(to: file)
        try await TestSandbox.run { sandbox in
            _ = try await sandbox.call("POST", "/sandbox/phones", #"{"number":"15550002222"}"#)
            let path = "/sandbox/phones/15550001111/messages"
            let body = #"{"to":"15550002222","media":{"kind":"document","path":"\#(file.path)","type":"text/plain"}}"#
            #expect(try await sandbox.call("POST", path, body).status == 201)
            let there = try await sandbox.call("GET", "/sandbox/phones/15550002222/messages")
            let message = try #require((there.json["messages"] as? [[String: Any]])?.first)
            #expect(message["kind"] as? String == "document")
            let missing = #"{"to":"15550002222","media":{"kind":"document","path":"/nowhere/at/all"}}"#
            #expect(try await sandbox.call("POST", path, missing).error == ["invalid", "media.path"])
            let nothing = #"{"to":"15550002222","media":{"kind":"document"}}"#
            #expect(try await sandbox.call("POST", path, nothing).error == ["invalid", "media.bytes"])
            let rebound = "Origin: http://evil.example:\(sandbox.port)\r\n"
            let connection = try await RawConnection.open(port: sandbox.port)
            try await connection.write(
                "POST \(path) HTTP/1.1\r\nHost: evil.example:\(sandbox.port)\r\nConnection: close\r\n\(rebound)"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            #expect(try TestSandbox.answer(await connection.readToEnd()).status == 403)
        }
    }

    @Test func filesInABodyMayBeLarge() async throws {
        try await TestSandbox.run { sandbox in
            _ = try await sandbox.call("POST", "/sandbox/phones", #"{"number":"15550002222"}"#)
            let bytes = Data(repeating: 9, count: 300_000).base64EncodedString()
            let body = #"{"to":"15550002222","media":{"kind":"image","bytes":"\#(bytes)"}}"#
            #expect(try await sandbox.call("POST", "/sandbox/phones/15550001111/messages", body).status == 201)
        }
    }
}

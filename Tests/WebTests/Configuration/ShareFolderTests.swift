import Fleet
import Foundation
import Testing

@testable import Web

struct ShareFolderTests {
    /// Lends a copy of the share folder that may be damaged.
    private func withCopy(_ body: (String) throws -> Void) throws {
        let copy = FileManager.default.temporaryDirectory.path + "/wharf-share-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        for folder in ["templates", "web", "migrations", "docs"] {
            let source = URL(fileURLWithPath: "\(sharePath)/\(folder)").resolvingSymlinksInPath().path
            try FileManager.default.copyItem(atPath: source, toPath: "\(copy)/\(folder)")
        }
        try body(copy)
    }

    private func open(_ path: String) throws {
        _ = try Site(
            configuration: WebConfiguration(),
            share: ShareFolder(path: path),
            parts: WebServer.Parts(
                accounts: accountsWithoutDatabase(),
                generator: generatorWithoutDatabase(),
                generatorConfiguration: .init(),
                readiness: [],
                metrics: { "" }
            ),
            tasks: SocketTasks()
        )
    }

    @Test func theWholeFolderIsFine() throws {
        try withCopy { path in
            #expect(throws: Never.self) { try open(path) }
        }
    }

    @Test(arguments: [
        ("templates", "templates/"), ("web", "web/"), ("migrations", "migrations/"), ("docs", "docs/"),
        ("templates/home.mustache", "templates/home.mustache"),
        ("templates/parts/format.mustache", "templates/parts/format.mustache"),
        ("web/css/tokens.css", "web/css/tokens.css"), ("web/js/generate.js", "web/js/generate.js"),
        ("docs/navigation.json", "docs/navigation.json"), ("docs/faq.md", "docs/faq.md"),
        ("docs/openapi.json", "docs/openapi.json"),
    ])
    func whatIsMissingIsNamed(file: String, name: String) throws {
        try withCopy { path in
            try FileManager.default.removeItem(atPath: "\(path)/\(file)")
            let error = #expect(throws: ShareFolderError.self) { try open(path) }
            #expect(error?.description.contains(name) == true, "\(error?.description ?? "")")
        }
    }

    @Test(arguments: [
        ("templates/home.mustache", "{{#open}}"), ("docs/navigation.json", "{"),
        ("docs/navigation.json", #"{"sections":[]}"#),
        ("docs/openapi.json", "{}"), ("docs/openapi.json", "{"), ("docs/faq.md", "[x](nothing.md)"),
    ])
    func whatIsBrokenIsNamed(file: String, content: String) throws {
        try withCopy { path in
            try Data(content.utf8).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
            let error = #expect(throws: ShareFolderError.self) { try open(path) }
            #expect(error?.description.contains(file) == true, "\(error?.description ?? "")")
        }
    }

    @Test func emptyMigrationsAreMissing() throws {
        try withCopy { path in
            try FileManager.default.removeItem(atPath: "\(path)/migrations")
            try FileManager.default.createDirectory(atPath: "\(path)/migrations", withIntermediateDirectories: true)
            #expect(throws: ShareFolderError.missing("migrations/*.sql")) { try ShareFolder(path: path) }
        }
    }

    @Test func theFolderIsFoundByNameThenByExecutableThenByWorkingDirectory() throws {
        try withCopy { path in
            let root = FileManager.default.temporaryDirectory.path + "/wharf-prefix-\(UUID().uuidString)"
            try FileManager.default.createDirectory(atPath: "\(root)/bin", withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: "\(root)/share", withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: root) }
            let executable = "\(root)/bin/wharf"
            #expect(try ShareFolder.locate(named: path, executable: executable, workingDirectory: "/").path == path)
            #expect(try ShareFolder.locate(named: nil, executable: executable, workingDirectory: path).path == path)
            try FileManager.default.createSymbolicLink(atPath: "\(root)/share/wharf", withDestinationPath: path)
            let installed = try ShareFolder.locate(named: nil, executable: executable, workingDirectory: "/")
            #expect(installed.path.hasSuffix("/share/wharf"))
            #expect(throws: ShareFolderError.missing("templates/")) {
                try ShareFolder.locate(named: "/nonexistent", executable: executable)
            }
            let error = #expect(throws: ShareFolderError.self) {
                try ShareFolder.locate(named: nil, executable: "/nowhere/bin/wharf", workingDirectory: "/")
            }
            #expect(error == .notFound(searched: ["/nowhere/share/wharf", "/"]))
        }
    }
}

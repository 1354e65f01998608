import Foundation
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(4)))
struct ExecutableCommandLineTests {
    @Test(arguments: [
        [], ["serve"], ["sandbox"], ["migrate"], ["session"], ["session", "new"], ["session", "inspect"],
    ])
    func everyCommandHasHelpAndVersion(command: [String]) async throws {
        let help = try ExecutableProcess(command + ["--help"])
        #expect(try await help.exit() == .init(status: 0, signal: nil))
        #expect(help.output.contains("USAGE: wharf \(command.joined(separator: " "))"))
        #expect(help.errors.isEmpty)
        let version = try ExecutableProcess(command + ["--version"])
        #expect(try await version.exit() == .init(status: 0, signal: nil))
        #expect(version.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
        #expect(version.errors.isEmpty)
    }

    @Test(arguments: [
        ["bogus"], ["serve", "--port", "x"], ["serve", "--bogus"], ["serve", "extra"], ["session", "inspect"],
        ["session", "new", "--prefix", "a~b"], ["session", "new", "--phone", "0155"],
        ["session", "new", "--format", "bogus"],
    ])
    func senselessCommandLineIsOneLineAndStatus64(arguments: [String]) async throws {
        let run = try ExecutableProcess(arguments)
        #expect(try await run.exit() == .init(status: 64, signal: nil))
        #expect(run.output.isEmpty)
        #expect(run.errors.wholeMatch(of: /wharf: [^\n]+\n/) != nil, "\(run.errors)")
    }

    @Test(arguments: [
        (["bogus"], "wharf"), (["serve", "--bogus"], "wharf serve"),
        (["session", "inspect"], "wharf session inspect"), (["session", "bogus"], "wharf session"),
    ])
    func senselessCommandLineNamesTheHelpToRead(arguments: [String], command: String) async throws {
        let run = try ExecutableProcess(arguments)
        _ = try await run.exit()
        #expect(run.errors.hasSuffix("(see \(command) --help)\n"), "\(run.errors)")
    }

    @Test func emptySessionIDIsNamedAsSuch() async throws {
        let run = try ExecutableProcess(["session", "inspect", "/dev/null"])
        #expect(try await run.exit() == .init(status: 1, signal: nil))
        #expect(run.errors == "wharf: There is nothing to read. Paste the whole session ID.\n")
    }

    @Test func badConfigurationNamesEveryKeyAndNoValue() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "wharf-bad-\(UUID().uuidString).env")
        try Data("WHARF_LOG_LEVEL=v4lue\nWHARF_POTR=v4lue\nnonsense\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let run = try ExecutableProcess(
            ["serve", "--port", "70000", "--config", file.path],
            environment: ["WHARF_TRUSTED_PROXIES": "v4lue", "WHARF_DTA": "v4lue", "DATABASE_URL": "v4lue"]
        )
        #expect(try await run.exit() == .init(status: 78, signal: nil))
        let lines = run.errors.split(separator: "\n")
        #expect(lines.count == 7, "\(run.errors)")
        #expect(lines.allSatisfy { $0.hasPrefix("wharf: ") })
        for key in [
            "WHARF_LOG_LEVEL", "WHARF_PORT?", "line 3", "--port", "WHARF_TRUSTED_PROXIES", "WHARF_DATA?",
            "DATABASE_URL",
        ] {
            #expect(run.errors.contains(key), "\(key) is not named")
        }
        #expect(!run.errors.contains("v4lue"))
    }

    @Test func missingShareFolderFileIsNamed() async throws {
        let run = try ExecutableProcess(["serve", "--share", "/nonexistent", "--data", "/nonexistent"])
        #expect(try await run.exit() == .init(status: 78, signal: nil))
        #expect(run.errors.wholeMatch(of: /wharf: The share folder lacks templates\/\n/) != nil, "\(run.errors)")
    }

    @Test(arguments: ["serve", "migrate"])
    func databaseThatIsNotThereIsOneLineAndStatus69(command: String) async throws {
        try await withDataFolder { data, _ in
            let run = try ExecutableProcess(
                [command, "--data", data],
                environment: [
                    "DATABASE_URL": "postgres://wharf:s3cret@127.0.0.1:1/wharf", "WHARF_LOG_LEVEL": "critical",
                ]
            )
            #expect(try await run.exit() == .init(status: 69, signal: nil))
            #expect(run.errors == "wharf: the database cannot be reached\n")
        }
    }

    @Test func folderOfAnotherMajorVersionIsRefused() async throws {
        try await withDataFolder { data, _ in
            try FileManager.default.createDirectory(atPath: data + "/postgres", withIntermediateDirectories: true)
            try Data("9.6\n".utf8).write(to: URL(filePath: data + "/postgres/PG_VERSION"))
            let run = try ExecutableProcess([
                "serve", "--port", "0", "--sandbox", "--sandbox-port", "0", "--data", data,
            ])
            #expect(try await run.exit() == .init(status: 69, signal: nil))
            #expect(run.errors.contains("wharf: The database in \(data)/postgres was made by PostgreSQL 9.6"))
            #expect(FileManager.default.fileExists(atPath: data + "/postgres/PG_VERSION"))
        }
    }

    @Test func migrateBringsTheSchemaUpToDateOnce() async throws {
        try await withDataFolder { data, _ in
            let first = try ExecutableProcess(["migrate", "--data", data])
            #expect(try await first.exit() == .init(status: 0, signal: nil))
            #expect(first.output.wholeMatch(of: /Migrations applied: [1-9]\d*\.\n/) != nil)
            let second = try ExecutableProcess(["migrate", "--data", data])
            #expect(try await second.exit() == .init(status: 0, signal: nil))
            #expect(second.output == "The database is up to date.\n")
            #expect(ExecutableServer.postgres(of: data) == nil)
        }
    }

    @Test func unreadableSessionIDsAreOneLine() async throws {
        let missing = try ExecutableProcess(["session", "inspect", "/nonexistent"])
        #expect(try await missing.exit() == .init(status: 1, signal: nil))
        #expect(missing.errors == "wharf: /nonexistent cannot be read\n")
        for text in ["", "garbage", "WHARF~!!!!", "{\"me\":1}", String(repeating: "A", count: 3_000_000)] {
            let run = try ExecutableProcess(["session", "inspect", "-"], input: text)
            #expect(try await run.exit() == .init(status: 1, signal: nil))
            #expect(run.errors.wholeMatch(of: /wharf: [^\n]+\n/) != nil, "\(run.errors)")
            #expect(run.output.isEmpty)
        }
    }
}

import Foundation
import Logging
import Settings
import Testing

struct SettingsTests {
    @Test func standardValuesNeedNoConfiguration() throws {
        let settings = try load()
        #expect(settings.server.host == "127.0.0.1")
        #expect(settings.server.port == 8_080)
        #expect(settings.server.publicURL == nil)
        #expect(settings.database.url == nil)
        #expect(settings.logging.level == .info)
        #expect(!settings.sandbox.isOn)
        #expect(settings.generator.lifetime == .seconds(300))
        #expect(settings.file == nil)
    }

    @Test func commandLineWinsOverEnvironmentOverFile() throws {
        try withFile("WHARF_PORT=1\nWHARF_HOST=file.example\nWHARF_LOG_LEVEL=debug\n") { file in
            let settings = try load(
                options: ["WHARF_PORT": "3"],
                file: file,
                environment: ["WHARF_PORT": "2", "WHARF_HOST": "environment.example"]
            )
            #expect(settings.server.port == 3)
            #expect(settings.server.host == "environment.example")
            #expect(settings.logging.level == .debug)
            #expect(settings.file == file)
        }
    }

    @Test func emptyVariableCountsAsNotSetButEmptiesAList() throws {
        try withFile("WHARF_PORT=99\nWHARF_TRUSTED_PROXIES=10.0.0.0/8\n") { file in
            let settings = try load(file: file, environment: ["WHARF_PORT": "", "WHARF_TRUSTED_PROXIES": ""])
            #expect(settings.server.port == 99)
            #expect(settings.server.trustedProxies.isEmpty)
        }
    }

    @Test func everyProblemIsReportedAtOnceWithoutItsValue() throws {
        try withFile("WHARF_HOTS=h4lue\nno assignment\nWHARF_LOG_LEVEL='v4lue'\nWHARF_PORT=1\nWHARF_PORT=2\n") { file in
            let error = #expect(throws: SettingsError.self) {
                try load(
                    options: ["WHARF_PORT": "v4lue"],
                    file: file,
                    environment: ["WHARF_SANDBOX": "v4lue", "WHARF_SANBOX_PORT": "v4lue", "DATABASE_URL": "v4lue"]
                )
            }
            #expect(
                error?.problems.map(\.description) == [
                    "wharf.env, line 2: expected KEY=VALUE",
                    "wharf.env, line 5: WHARF_PORT is set already on line 4",
                    "--port (command line): must be a whole number from 0 to 65535",
                    "DATABASE_URL (environment): must be a PostgreSQL address such as postgres://user:password@host/name",
                    "WHARF_LOG_LEVEL (wharf.env, line 3): must be trace, debug, info, notice, warning, error or critical",
                    "WHARF_SANDBOX (environment): must be true or false",
                    "WHARF_SANBOX_PORT (environment): there is no such setting; did you mean WHARF_SANDBOX_PORT?",
                    "WHARF_HOTS (wharf.env, line 1): there is no such setting; did you mean WHARF_HOST?",
                ]
            )
        }
    }

    @Test func variablesThatAreNotMeantForTheServerAreLeftAlone() throws {
        let settings = try load(environment: [
            "WHARF_BENCHMARKS": "1", "WHARF_TEST_FILTER": "x", "WHARF_SERVICE_HOST": "10.0.0.1", "PATH": "/bin",
            "WHARF_PORT_8080_TCP": "tcp://10.0.0.1:8080",
        ])
        #expect(settings.server.port == 8_080)
    }

    @Test func kubernetesServiceLinkIsNamedAsSuch() {
        let error = #expect(throws: SettingsError.self) {
            try load(environment: ["WHARF_PORT": "tcp://10.0.0.1:8080"])
        }
        #expect(error?.problems.first?.description.hasSuffix("use enableServiceLinks: false)") == true)
    }

    @Test func fileIsFoundInWorkingFolderAndInDataFolder() throws {
        try withFile("WHARF_PORT=4242\n") { file in
            let folder = URL(filePath: file).deletingLastPathComponent().path
            let found = try [
                load(workingFolder: folder),
                load(options: ["WHARF_DATA": folder]),
                load(environment: ["WHARF_CONFIG": file]),
            ]
            #expect(found.map(\.server.port) == [4_242, 4_242, 4_242])
        }
    }

    @Test func namedFileMustExist() {
        let error = #expect(throws: SettingsError.self) { try load(file: "/nonexistent/wharf.env") }
        #expect(
            error?.problems.map(\.description) == ["configuration file /nonexistent/wharf.env: does not exist"]
        )
    }

    @Test func fileThatIsNoTextIsRefused() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "wharf-\(UUID().uuidString).env")
        try Data([0xFF, 0xFE, 0]).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let error = #expect(throws: SettingsError.self) { try load(file: path.path) }
        #expect(error?.problems.first?.description.hasSuffix("is not a text in UTF-8") == true)
    }

    @Test func fileKnowsQuotesCommentsAndExport() throws {
        let text = """
            \u{FEFF}# a comment
              export WHARF_CLIENT_DEVICE_NAME = "My \\"dock\\" # 1" # trailing\r
            WHARF_HOST=a.example # trailing
            WHARF_CORS_ORIGINS='https://one.example, http://two.example:81'
            WHARF_PUBLIC_URL= https://Wharf.Example/

            WHARF_GENERATOR_LIFETIME=2m
            """
        try withFile(text) { file in
            let settings = try load(file: file)
            #expect(settings.client.deviceName == "My \"dock\" # 1")
            #expect(settings.server.host == "a.example")
            #expect(settings.server.corsOrigins == ["https://one.example", "http://two.example:81"])
            #expect(settings.server.publicURL == "https://wharf.example")
            #expect(settings.generator.lifetime == .seconds(120))
        }
    }

    @Test(arguments: ["A=\"open", "A='x' y", "=1", "1A=2", "A B=1", "A=\"\\x\""])
    func malformedLinesAreNamed(line: String) throws {
        try withFile("\n" + line) { file in
            let error = #expect(throws: SettingsError.self) { try load(file: file) }
            #expect(error?.problems.first?.description.hasPrefix("wharf.env, line 2: ") == true)
        }
    }

    @Test(arguments: [
        ("WHARF_PORT", "65536"), ("WHARF_PORT", "-1"), ("WHARF_PORT", "8080 "), ("WHARF_PORT", "99999999999999999999"),
        ("WHARF_HOST", "a b"), ("WHARF_HOST", "http://x"), ("WHARF_PUBLIC_URL", "ftp://x"),
        ("WHARF_PUBLIC_URL", "https://x/path"), ("WHARF_PUBLIC_URL", "https://user@x"),
        ("WHARF_PUBLIC_URL", "https://"),
        ("WHARF_CORS_ORIGINS", "https://x/"), ("WHARF_CORS_ORIGINS", "*"), ("WHARF_CORS_ORIGINS", "https://x:0"),
        ("WHARF_TRUSTED_PROXIES", "10.0.0.0/33"), ("WHARF_TRUSTED_PROXIES", "proxy"),
        ("WHARF_TRUSTED_PROXIES", "::1/129"), ("WHARF_TRUSTED_PROXIES", "10.0.0.1/8/8"),
        ("WHARF_GENERATOR_LIFETIME", "5"), ("WHARF_GENERATOR_LIFETIME", "1s"), ("WHARF_GENERATOR_LIFETIME", "m"),
        ("WHARF_GENERATOR_LIFETIME", "99999999999999999999s"), ("WHARF_CLIENT_VERSION", "2.3000"),
        ("WHARF_CLIENT_DEVICE_NAME", "a\nb"), ("WHARF_SHUTDOWN_TIMEOUT", "11s"),
    ])
    func badValuesAreRefused(name: String, value: String) {
        let error = #expect(throws: SettingsError.self) { try load(environment: [name: value]) }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.description.hasPrefix("\(name) (environment): must be ") == true)
    }

    @Test func secretShowsItselfNowhere() throws {
        let settings = try load(environment: ["DATABASE_URL": "postgres://wharf:hunter2@db/wharf"])
        #expect(settings.database.url?.reveal() == "postgres://wharf:hunter2@db/wharf")
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!"\(settings) \(String(reflecting: settings)) \(dumped)".contains("hunter2"))
    }

    @Test func dataFolderFollowsTheUser() {
        #expect(DataFolder.customary(environment: ["HOME": "/root"], isRoot: true) == "/var/lib/wharf")
        #expect(DataFolder.customary(environment: ["HOME": "/h"], isRoot: false) == "/h/.local/state/wharf")
        #expect(DataFolder.customary(environment: ["HOME": "/h", "XDG_STATE_HOME": "/s"], isRoot: false) == "/s/wharf")
        #expect(DataFolder.customary(environment: [:], isRoot: false) == nil)
    }

    private func load(
        options: [String: String] = [:],
        file: String? = nil,
        environment: [String: String] = [:],
        workingFolder: String = "/nonexistent"
    ) throws -> Settings {
        // A data folder that is not there, so that no file of this machine is read.
        let options = options.merging(["WHARF_DATA": "/nonexistent"]) { given, _ in given }
        return try Settings.load(
            options: options,
            configurationFile: file,
            environment: environment,
            workingFolder: workingFolder
        )
    }

    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "wharf-settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "wharf.env")
        try Data(text.utf8).write(to: file)
        try body(file.path)
    }
}

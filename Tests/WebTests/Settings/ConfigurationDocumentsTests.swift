import Foundation
import Settings
import Testing

/// Keeps `.env.example` and the manual in step with the table of settings.
///
/// `WHARF_TEST_WRITE_DOCUMENTS=1 swift test --filter ConfigurationDocuments` writes both anew.
struct ConfigurationDocumentsTests {
    @Test func sampleFileHasEveryKeyWithItsStandardValue() throws {
        var text = """
            # Every setting of Wharf with its standard value. Copy this file to wharf.env, uncomment what you change.
            # The command line wins over the environment, the environment over the file. docs/configuration.md has more.

            """
        for (area, declarations) in grouped {
            text += "\n# --- \(area) ---\n"
            for declaration in declarations {
                text += "\n"
                for line in wrapped("\(declaration.help) Must be \(declaration.expectation).") { text += "# \(line)\n" }
                text += "#\(declaration.name)=\(declaration.standard ?? "")\n"
            }
        }
        try check(".env.example", is: text)
    }

    @Test func sampleFileIsAValidConfigurationOnceUncommented() throws {
        let sample = try String(contentsOf: root.appending(path: ".env.example"), encoding: .utf8)
        let assignments = sample.split(separator: "\n").filter {
            $0.hasPrefix("#WHARF_") || $0.hasPrefix("#DATABASE_URL") || $0.hasPrefix("#ADMIN_")
                || $0.hasPrefix("#SERVERNAME")
        }
        #expect(assignments.count == Settings.declarations.count)
        let file = FileManager.default.temporaryDirectory.appending(path: "wharf-sample-\(UUID().uuidString).env")
        try Data(assignments.map { $0.dropFirst() }.joined(separator: "\n").utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try Settings.load(options: ["WHARF_DATA": "/nonexistent"], configurationFile: file.path, environment: [:])
    }

    @Test func manualHasEveryKey() throws {
        let page = try String(contentsOf: root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let marks = ("<!-- settings -->\n", "<!-- /settings -->")
        let start = try #require(page.firstRange(of: marks.0)?.upperBound)
        let end = try #require(page.firstRange(of: marks.1)?.lowerBound)
        var table = ""
        for (area, declarations) in grouped {
            table += "\n## \(area)\n\n| key | standard | meaning |\n| --- | --- | --- |\n"
            for declaration in declarations {
                let standard = declaration.standard.map { $0.isEmpty ? "empty" : "`\($0)`" } ?? "none"
                let secret = declaration.isSecret ? " Secret: never logged." : ""
                let meaning = "\(declaration.help) Must be \(declaration.expectation).\(secret)"
                table += "| `\(declaration.name)` | \(standard) | \(meaning.replacing("|", with: "\\|")) |\n"
            }
        }
        try check("docs/configuration.md", is: page[..<start] + table + "\n" + page[end...])
    }

    @Test func keysAreDeclaredOnce() {
        let names = Settings.declarations.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(
            names.allSatisfy {
                ["DATABASE_URL", "SERVERNAME"].contains($0) || $0.hasPrefix("ADMIN_") || $0.hasPrefix("WHARF_")
            }
        )
        let secrets = [
            "DATABASE_URL", "WHARF_MASTER_KEY", "WHARF_FORMER_MASTER_KEYS",
            "ADMIN_PASSWORD", "WHARF_GITHUB_CLIENT_SECRET",
            "WHARF_GOOGLE_CLIENT_SECRET", "WHARF_OIDC_CLIENT_SECRET", "WHARF_SMTP_URL", "WHARF_AI_KEY",
            "WHARF_TRANSLATE_KEY",
        ]
        #expect(Settings.declarations.filter(\.isSecret).map(\.name) == secrets)
    }

    private var grouped: [(area: String, declarations: [SettingDeclaration])] {
        var groups: [(area: String, declarations: [SettingDeclaration])] = []
        for declaration in Settings.declarations {
            if groups.last?.area != declaration.area { groups.append((declaration.area, [])) }
            groups[groups.count - 1].declarations.append(declaration)
        }
        return groups
    }

    private var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
    }

    private func check(_ path: String, is text: String) throws {
        let file = root.appending(path: path)
        if ProcessInfo.processInfo.environment["WHARF_TEST_WRITE_DOCUMENTS"] != nil {
            try Data(text.utf8).write(to: file)
        }
        let isInStep = try String(contentsOf: file, encoding: .utf8) == text
        #expect(isInStep, "write it anew as this suite's comment says")
    }

    /// Lines of at most 100 characters.
    private func wrapped(_ text: String) -> [String] {
        var lines: [String] = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.count + word.count >= 100 {
                lines.append(String(word))
            } else {
                lines[lines.count - 1] = line.isEmpty ? String(word) : line + " " + word
            }
        }
        return lines
    }
}

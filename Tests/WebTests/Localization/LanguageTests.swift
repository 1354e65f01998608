import Accounts
import Foundation
import HTTPTypes
import Testing

@testable import Web

@Suite(.timeLimit(.minutes(5)))
struct LanguageTests {
    private let translations: Translations

    init() throws {
        translations = try Translations(share: ShareFolder(path: sharePath))
    }

    @Test(arguments: [
        ("", "en"), ("id", "id"), ("id-ID,id;q=0.9,en;q=0.8", "id"), ("en-US,en;q=0.9,id;q=0.8", "en"), ("in-ID", "id"),
        ("de,fr", "en"), ("de,id;q=0.1", "id"), ("id;q=0", "en"), ("*", "en"),
    ])
    func theBrowserIsAsked(field: String, language: String) {
        #expect((AcceptedLanguages([.acceptLanguage: field]).best ?? .english).rawValue == language)
    }

    /// Whoever adds an action has to say what it is called.
    @Test func everyActionOfTheAuditLogHasItsWords() throws {
        let files = FileManager.default.enumerator(atPath: "\(sharePath)/Sources")?.compactMap { $0 as? String } ?? []
        var actions: Set<String> = []
        for file in files where file.hasSuffix("Action.swift") || file.hasSuffix("+Audit.swift") {
            let source = try String(contentsOfFile: "\(sharePath)/Sources/\(file)", encoding: .utf8)
            actions.formUnion(source.matches(of: #/AuditAction\("([a-z_.]+)"\)/#).map { String($0.1) })
        }
        #expect(actions.count > 40)
        for language in Language.allCases {
            for action in actions.sorted() {
                #expect(translations[language].find("audit.\(action)") != nil, "\(language) \(action)")
            }
        }
    }

    @Test func theChoiceIsRemembered() async throws {
        try await withPanelSite { (site, accounts) async throws in
            let browser = PanelBrowser(site)
            #expect(try await browser.get("/login", ["Accept-Language": "id"]).text.contains("<html lang=\"id\""))
            _ = try await browser.register()
            let reply = try await browser.post(
                "/language",
                ["language": "id", "return": "/dashboard"],
                from: "/dashboard"
            )
            #expect(reply["Location"] == "/dashboard")
            #expect(try await browser.get("/dashboard").text.contains("Dasbor"))
            _ = try await browser.post("/logout", [:], from: "/dashboard")
            // Another browser of the same person.
            let other = PanelBrowser(site)
            _ = try await other.logIn()
            #expect(other.cookies["language"] == "id")
        }
    }

    @Test(arguments: [
        ("/", "Tautkan ponsel"), ("/generate", "Dapatkan ID sesi"), ("/docs", "Singkatnya: bot di panel"),
        ("/docs/troubleshooting", "Semua halaman buku panduan"), ("/docs/sandbox", "Halaman ini hanya tersedia"),
        ("/docs/your-account", "Kunci untuk program"), ("/docs/commands", "Apa yang dimengerti bot"),
        ("/api-docs", "Referensi API"),
    ])
    func publicPagesSpeakTheBrowsersLanguage(path: String, text: String) async throws {
        try await withSite { (site) async throws in
            let english = try await site.get(path, ["Accept-Language": "en"])
            let indonesian = try await site.get(path, ["Accept-Language": "id"])
            #expect(english.text.contains("<html lang=\"en\""))
            #expect(!english.text.contains(text))
            #expect(indonesian.text.contains("<html lang=\"id\""))
            #expect(indonesian.text.contains(text))
            #expect(indonesian.vary.contains("Accept-Language"))
            #expect(AccessibilityLint(indonesian.text).complaints == [])
            // A text that was written in English is said to be so.
            let isEnglish = path == "/docs/sandbox" || path == "/api-docs"
            #expect(indonesian.text.contains("id=\"manual\" lang=\"en\" ") == isEnglish)
            #expect(indonesian.text.contains("data-testid=\"fallback\"") == isEnglish)
            #expect(!english.text.contains("data-testid=\"fallback\""))
            let chosen = try await site.get(path, ["Accept-Language": "en", "Cookie": "language=id; theme=dark"])
            #expect(chosen.text.contains("<html lang=\"id\" data-theme=\"dark\""))
        }
    }

    @Test func callsAreRefusedInTheBrowsersLanguage() async throws {
        try await withSite { (site) async throws in
            let reply = try await site.get("/api/nothing", ["Accept-Language": "id"])
            #expect(reply.errorCode == "request.not_found")
            #expect(reply.error("message") == "Tidak ada apa-apa di alamat ini.")
            #expect(try await site.get("/api/nothing").error("message") == "There is nothing at this address.")
        }
    }

    /// What scripts say by name must be written into their pages.
    @Test func everyNameInTheScriptsHasAText() throws {
        let english = translations[.english]
        let folder = URL(fileURLWithPath: sharePath).appendingPathComponent("web/js")
        var count = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let source = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            for found in source.matches(of: #/texts\('([a-z_.]+)'/#) {
                count += 1
                let name = String(found.1)
                #expect(
                    english.find("live.\(name)") != nil || english.find("calls.\(name)") != nil,
                    "\(name) in \(file)"
                )
            }
        }
        #expect(count > 80)
    }

    /// What the program asks for by name must be there; templates are checked at start.
    @Test func everyNameInTheProgramHasAText() throws {
        let folder = URL(fileURLWithPath: sharePath + "/Sources/Web")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var count = 0
        for case let file as URL in try #require(files) where file.pathExtension == "swift" {
            let source = try String(contentsOf: file, encoding: .utf8)
            for name in source.matches(of: #/strings\(\s*"([a-z0-9_.]+)"/#) {
                count += 1
                #expect(translations[.english].find(String(name.1)) != nil, "\(name.1) in \(file.lastPathComponent)")
            }
            for name in source.matches(of: #/Flash\.cookie\("([a-z_]+)"\)/#) {
                #expect(translations[.english].find("flash.\(name.1)") != nil, "\(name.1) in \(file.lastPathComponent)")
            }
        }
        #expect(count > 5)
    }

    @Test func numbersAndTimesAreWrittenOut() {
        let (english, indonesian) = (translations[.english], translations[.indonesian])
        #expect(english.number(1_234_567) == "1,234,567")
        #expect(indonesian.number(1_234_567) == "1.234.567")
        #expect(english.number(-999) == "-999")
        let date = Date(timeIntervalSince1970: 951_782_400)
        #expect(english.moment(date) == "29 Feb 2000, 00:00 UTC")
        #expect(indonesian.day(date.addingTimeInterval(70 * 86_400)) == "9 Mei 2000")
        #expect(english.distance(to: date, from: date.addingTimeInterval(200)) == "3 minutes ago")
        #expect(english.distance(to: date, from: date.addingTimeInterval(-86_400 * 5)) == "in 5 days")
        #expect(indonesian.distance(to: date, from: date.addingTimeInterval(3_600 * 5)) == "5 jam yang lalu")
    }
}

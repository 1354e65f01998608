import Compression
import Foundation
import Testing
import WhatsAppWire

@testable import WhatsApp

@Suite struct SessionIDCodecTests {
    private func export(_ dialect: SessionIDDialect, prefix: String = "Gifted") throws -> String {
        let prefix = try SessionIDPrefix(prefix)
        return try SessionIDCodec.encode(SessionIDFixtures.credentials(), as: dialect, prefix: prefix).reveal()
    }

    private func payload(gzip: Bool = true) throws -> String {
        let json = Array(try SessionIDFixtures.compact().utf8)
        return Base64.encode(gzip ? try Compression.deflate(json, format: .gzip) : json)
    }

    @Test(arguments: SessionIDDialect.allCases)
    func everyDialectComesBack(dialect: SessionIDDialect) throws {
        let imported = try SessionIDCodec.decode(export(dialect))
        #expect(imported.credentials == (try SessionIDFixtures.credentials()))
        #expect(imported.shape.dialect == dialect)
        #expect(imported.shape.prefix == (dialect.hasPrefix ? "Gifted" : nil))
        #expect(imported.shape.separator == dialect.separator)
    }

    @Test(arguments: [
        (SessionIDDialect.tildeGzip, "Gifted~H4sI"), (.tilde, "Gifted~eyJub2lzZUtleSI6"), (.bare, "eyJub2lzZUtleSI6"),
        (.semicolonsGzip, "Gifted;;;H4sI"), (.exclamationGzip, "Gifted!H4sI"), (.credentialsFile, "{\"noiseKey\":{"),
    ])
    func dialectsBeginAsBotsExpect(dialect: SessionIDDialect, start: String) throws {
        #expect(try export(dialect).hasPrefix(start))
    }

    @Test(arguments: SessionIDDialect.allCases)
    func exportIsTheSameEveryTime(dialect: SessionIDDialect) throws {
        #expect(try export(dialect) == export(dialect))
    }

    @Test(arguments: BotFamily.all)
    func familiesMakeIDsThatAreRead(family: BotFamily) throws {
        let text = try export(family.dialect, prefix: family.prefix.text)
        #expect(try SessionIDCodec.decode(text).shape.dialect == family.dialect)
        #expect(try SessionIDPrefix(family.prefix.text) == family.prefix)
        #expect(BotFamily.named(family.id) == family)
    }

    @Test func familiesHaveNamesOfTheirOwn() {
        #expect(Set(BotFamily.all.map(\.id)).count == BotFamily.all.count)
    }

    @Test func dirtOfCopyingIsTakenAway() throws {
        let expected = try SessionIDFixtures.credentials()
        let id = try export(.tildeGzip)
        let middle = id.index(id.startIndex, offsetBy: 500)
        let broken = id[..<middle] + "\r\n  \t" + id[middle...]
        let texts = [
            "  \n\(id)\n", "\"\(id)\"", "'\(id)'", "`\(id)`", "“\(id)”", "«\(id)»", "\u{FEFF}\(id)\u{200B}",
            String(broken),
            "SESSION_ID=\(id)", "SESSION_ID=\"\(id)\"", "export SESSION_ID='\(id)'", "session: \(id)", "\(id)\"",
            "\"\(id)",
            id + "...", String(id[..<middle]) + "..." + id[middle...], id + "…",
        ]
        for text in texts {
            #expect(try SessionIDCodec.decode(text).credentials == expected, "\(text.prefix(20))")
        }
    }

    @Test(arguments: [true, false])
    func alphabetAndPaddingDoNotMatter(gzip: Bool) throws {
        let expected = try SessionIDFixtures.credentials()
        let standard = try payload(gzip: gzip)
        let urlSafe = standard.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        let bare = urlSafe.replacingOccurrences(of: "=", with: "")
        for text in [standard, urlSafe, bare, "X~" + bare, "A_B-C~" + urlSafe, "Some.Bot!" + bare] {
            #expect(try SessionIDCodec.decode(text).credentials == expected)
        }
    }

    @Test(
        arguments: [
            ("NAME~", "NAME", "~"), ("NAME:~", "NAME", ":~"), ("NAME;;;", "NAME", ";;;"), ("NEXUS___", "NEXUS", "___"),
            ("NAME!", "NAME", "!"), ("~", nil, "~"), ("GlobalTechInfo/MEGA-MD_", "GlobalTechInfo/MEGA-MD_", nil),
            ("", nil, nil),
            ("A~B~", "A~B", "~"), ("Nämé~", "N?m?", "~"),
        ] as [(String, String?, String?)]
    )
    func prefixesOfOthersAreRead(front: String, prefix: String?, separator: String?) throws {
        let imported = try SessionIDCodec.decode(front + payload())
        #expect(imported.shape.prefix == prefix)
        #expect(imported.shape.separator == separator)
        #expect(imported.credentials == (try SessionIDFixtures.credentials()))
    }

    @Test func prettyJSONIsRead() throws {
        let expected = try SessionIDFixtures.credentials()
        let pretty = String(decoding: try SessionIDFixtures.credentialsFile(), as: UTF8.self)
        let windows = pretty.replacingOccurrences(of: "\n", with: "\r\n")
        let indented = "{\n\t" + pretty.dropFirst(2)
        for text in [pretty, windows, indented, "\n  " + pretty, "\u{FEFF}" + pretty, "'\(pretty)'"] {
            #expect(try SessionIDCodec.decode(text).credentials == expected)
            let id = "X~" + Base64.encode(Array(text.trimmingCharacters(in: ["'"]).utf8))
            #expect(try SessionIDCodec.decode(id).credentials == expected)
        }
    }

    @Test func zlibIsReadAsWell() throws {
        let packed = try Compression.deflate(Array(SessionIDFixtures.compact().utf8), format: .zlib)
        #expect(try SessionIDCodec.decode("X~" + Base64.encode(packed)).shape.container == .base64Compressed)
    }

    @Test(arguments: [false, true])
    func wholeFoldersAreRead(packed: Bool) throws {
        let folder = JSONValue.object([
            .init(name: "pre-key-1.json", value: .string("{}")),
            .init(name: "creds.json", value: .string(try SessionIDFixtures.compact())),
            .init(name: "app-state-sync-key-AAAAAEkG.json", value: .string("{}")),
        ])
        let json = Array(folder.text.utf8)
        let bytes = packed ? try Compression.deflate(json, format: .gzip) : json
        let imported = try SessionIDCodec.decode("X~" + Base64.encode(bytes))
        #expect(imported.credentials == (try SessionIDFixtures.credentials()))
        #expect(imported.shape.folderFiles == 2)
        #expect(imported.shape.dialect == nil)
        let report = try #require(imported.report(at: Date(timeIntervalSince1970: 1_766_000_000)))
        #expect(report.findings == [.markedUnregistered])
    }

    @Test func foldersWithObjectsAndOldSingleFilesAreRead() throws {
        let creds = try SessionIDFixtures.json()
        let objects = JSONValue.object([.init(name: "creds.json", value: creds)])
        let single = JSONValue.object([.init(name: "creds", value: creds), .init(name: "keys", value: .object([]))])
        for folder in [objects, single] {
            #expect(try SessionIDCodec.decode(folder.text).credentials == (try SessionIDFixtures.credentials()))
        }
    }

    @Test func folderWithoutCredentialsIsNamed() {
        #expect(throws: SessionIDError.folderWithoutCredentials) {
            try SessionIDCodec.decode("{\"pre-key-1.json\":\"{}\"}")
        }
    }

    @Test func reportTellsWhatIsInItAndWhatIsNot() throws {
        let imported = try SessionIDCodec.decode(payload())
        let linked = Date(timeIntervalSince1970: 1_766_000_000)
        let report = try #require(imported.report(at: linked.addingTimeInterval(3_600)))
        #expect(report.phone == "15551234567")
        #expect(report.device == 7)
        #expect(report.platform == "android")
        #expect(report.linkedAt == linked)
        #expect(report.age(at: linked.addingTimeInterval(90)) == .seconds(90))
        #expect(report.findings == [.preKeysMissing(upTo: 812), .appStateKeyMissing, .markedUnregistered])
        #expect(report.login == nil)
        let late = try #require(imported.report(at: linked.addingTimeInterval(86_400 * 45)))
        #expect(late.findings.contains(.old(days: 45)))
    }

    @Test func reportOfWhatWeExportFindsNothingOfOurMaking() throws {
        var fresh = try SessionIDFixtures.credentials()
        fresh.nextPreKeyID = 1
        fresh.firstUnuploadedPreKeyID = 1
        let text = try SessionIDCodec.encode(fresh, as: .tildeGzip, prefix: .standard).reveal()
        let report = try #require(SessionIDCodec.decode(text).report(at: Date(timeIntervalSince1970: 1_766_000_000)))
        #expect(report.findings.isEmpty)
    }

    @Test func secretsDoNotDescribeThemselves() throws {
        let session = try SessionIDCodec.encode(SessionIDFixtures.credentials(), as: .bare, prefix: .standard)
        var dumped = ""
        dump(session, to: &dumped)
        for text in ["\(session)", String(reflecting: session), dumped] { #expect(!text.contains("eyJ")) }
        #expect(session.byteCount == session.reveal().utf8.count)
    }
}

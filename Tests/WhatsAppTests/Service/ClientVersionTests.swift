import Foundation
import HTTPClient
import Logging
import Testing

@testable import WhatsApp

struct ClientVersionTests {
    @Test(arguments: [
        #"x"client_revision":1045649367,"y""#, #"{\"client_revision\":1045649367}"#, #""client_revision": 1045649367"#,
    ])
    func revisionIsFoundInThePage(_ page: String) {
        #expect(ClientVersionSource.version(in: Array(page.utf8))?.description == "2.3000.1045649367")
    }

    @Test(arguments: [
        "", "client_revision", #""client_revision":"#, #""client_revision":12"#,
        #""client_revision":99999999999999999999"#,
        #""client_revision":null"#,
    ])
    func otherPagesNameNone(_ page: String) {
        #expect(ClientVersionSource.version(in: Array(page.utf8)) == nil)
    }

    @Test(arguments: ["", "2", "2.3000", "2.3000.x", "2.3000.1.1", "-2.3000.1", "2.3000.99999999999"])
    func otherTextsAreNoVersion(_ text: String) {
        #expect(ClientVersion(text) == nil)
    }

    @Test func lastGoodVersionIsRemembered() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("version-\(UUID())")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("2.3000.1999999999\n".utf8).write(to: file)
        let client = HTTPClient()
        let source = ClientVersionSource(rememberedIn: file.path, client: client, logger: Logger(label: "test"))
        #expect(source.current.tertiary == 1_999_999_999)
    }

    @Test func damagedMemoryFallsBackToTheBuiltInOne() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("version-\(UUID())")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data([0xff, 0x00, 0x31]).write(to: file)
        let source = ClientVersionSource(rememberedIn: file.path, client: HTTPClient(), logger: Logger(label: "test"))
        #expect(source.current == .builtIn)
    }
}

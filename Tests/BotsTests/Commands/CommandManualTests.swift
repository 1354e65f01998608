import Foundation
import Testing

@testable import Bots

struct CommandManualTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../docs/commands.md").standardizedFileURL

    /// With `WHARF_WRITE_DOCS=1` the page is written anew.
    @Test func thePageIsThatOfTheRegistry() throws {
        let page = CommandManual.page(try CommandRegistry.builtIn())
        if ProcessInfo.processInfo.environment["WHARF_WRITE_DOCS"] != nil {
            try page.write(to: Self.path, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: Self.path, encoding: .utf8)
        #expect(written == page, "docs/commands.md is out of date: run this test with WHARF_WRITE_DOCS=1")
    }

    @Test func everyCommandSaysWhatItDoes() throws {
        for command in try CommandRegistry.builtIn().commands.map(\.declaration) {
            #expect(command.summary.hasSuffix("."), "\(command.name)")
            #expect(command.summary.count <= 120, "\(command.name)")
            for argument in command.arguments { #expect(!argument.help.isEmpty, "\(command.name)") }
            for setting in command.settings { #expect(setting.accepts(setting.standard), "\(command.name)") }
        }
    }
}

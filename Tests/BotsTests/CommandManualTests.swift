import Foundation
import Testing

@testable import Bots

struct CommandManualTests {
    /// `wharf commands --language en > docs/commands.md` writes it anew.
    @Test(arguments: [(BotLanguage.english, "docs/commands.md"), (.indonesian, "docs/id/commands.md")])
    func thePageOfTheManualIsThatOfTheRegistry(language: BotLanguage, file: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        let isSame = page == CommandManual.markdown(try .builtIn(), in: language)
        #expect(isSame, "\(file) is old: wharf commands --language \(language.rawValue) > \(file)")
    }

    @Test func aCommandIsToldWhole() throws {
        let page = CommandManual.markdown(try CommandRegistry([Told()]))
        #expect(page.contains("### told"))
        #expect(page.contains("`told <who ...> [--all]`"))
        #expect(page.contains("Also `t`; for owner; once in 10 s for each person; off unless switched on."))
        #expect(page.contains("| `<who ...>` | People \\| groups. |"))
        #expect(page.contains("| `size` | `3` | How many. |"))
    }

    @Test func everyCommandSaysWhatItDoes() throws {
        for command in try CommandRegistry.builtIn().commands.map(\.declaration) {
            for language in BotLanguage.allCases {
                let summary = command.summary.text(language)
                #expect(summary.hasSuffix("."), "\(command.name)")
                #expect(summary.count <= 120, "\(command.name): \(summary)")
                for argument in command.arguments {
                    #expect(!argument.help.text(language).isEmpty, "\(command.name)")
                    #expect(!argument.title.text(language).isEmpty, "\(command.name)")
                }
                for setting in command.settings {
                    #expect(setting.accepts(setting.standard.text(language)), "\(command.name)")
                    #expect(!setting.help.text(language).isEmpty, "\(command.name)")
                }
            }
        }
    }

    private struct Told: Command {
        let declaration = CommandDeclaration(
            "told",
            aliases: ["t"],
            .tools,
            Phrase(same: "Tells."),
            arguments: [
                CommandArgument("who", "who", .people, Phrase(same: "People | groups.")),
                CommandArgument(flag: "all", Phrase(same: "Everybody.")),
            ],
            permissions: [.owner],
            coolDown: .seconds(10),
            settings: [
                CommandSetting("size", .number(1...5), standard: Phrase(same: "3"), help: Phrase(same: "How many."))
            ],
            isOffered: false
        )

        func run(_ context: CommandContext) async throws {}
    }
}

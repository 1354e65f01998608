import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Bots

/// What holds for every command that a bot has; what each does is tested beside its category.
struct EveryCommandTests {
    private let commands: [CommandDeclaration]

    init() throws {
        commands = try CommandRegistry.builtIn().commands.map(\.declaration)
    }

    @Test func strangersAreRefusedWhatIsNotTheirs() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            for command in commands {
                let phrase: BotPhrase
                if command.permissions.contains(.owner) {
                    phrase = .ownerOnly
                } else if command.permissions.contains(.botAdmin) {
                    phrase = .botAdminOnly
                } else if command.permissions.contains(.groupAdmin) {
                    phrase = .groupAdminOnly
                } else {
                    continue
                }
                #expect(
                    try await bob.hears(".\(command.name)", in: group.jid) == phrase.text(.english),
                    "\(command.name)"
                )
            }
            for command in commands where command.permissions.contains(.groupOnly) {
                let answer = try await carol.hears(".\(command.name)", in: world.phone.number)
                #expect(answer == BotPhrase.groupOnly.text(.english), "\(command.name)")
            }
        }
    }

    @Test func whereTheBotIsNoAdministratorItSaysSo() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [world.phone], by: bob)
            for command in commands where command.permissions.contains(.botIsAdmin) {
                let answer = try await bob.hears(".\(command.name)", in: group.jid)
                #expect(answer == BotPhrase.botMustBeAdmin.text(.english), "\(command.name)")
            }
        }
    }

    @Test func whatIsMissingIsNamedWithTheUsage() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            for command in commands {
                guard let first = command.arguments.first(where: { $0.kind != .flag }), !first.isOptional else {
                    continue
                }
                let answer = try await world.phone.hears(".\(command.name)", in: group.jid)
                #expect(answer.contains("Usage: .\(command.usage)"), "\(command.name): \(answer)")
            }
        }
    }

    @Test func everyNameAndAliasIsExplained() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            for command in commands.shuffled().prefix(60) {
                let name = command.aliases.randomElement() ?? command.name
                let help = try await bob.hears(".help \(name)", in: world.phone.number)
                #expect(help.contains(command.summary), "\(name)")
            }
        }
    }
}

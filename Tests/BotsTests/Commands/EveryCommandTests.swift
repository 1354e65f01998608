import Foundation
import Testing
import WharfTestSupport
import WhatsApp
import WhatsAppSandbox

@testable import Bots

/// What holds for every command that a bot has; what each does is tested beside its category.
struct EveryCommandTests {
    private let registry: CommandRegistry
    private let commands: [CommandDeclaration]

    init() throws {
        registry = try CommandRegistry.builtIn()
        commands = registry.commands.map(\.declaration)
    }

    @Test func strangersAreRefusedWhatIsNotTheirs() async throws {
        try await BotWorld.run { world in
            let (bob, carol) = (try await world.person("Bob"), try await world.person("Carol"))
            let group = try await world.group(of: [bob, carol])
            let guarded = commands.compactMap { command in
                Self.guardian(of: command).map { (command.name, $0.text(.english)) }
            }
            #expect(guarded.count > 50)
            try await ask(guarded, bob, in: group.jid)
            let groupOnly = commands.filter { $0.permissions.contains(.groupOnly) }
            let phrase = Phrase.groupOnly.text(.english)
            try await ask(groupOnly.map { ($0.name, phrase) }, carol, in: world.phone.number)
        }
    }

    private static func guardian(of command: CommandDeclaration) -> Phrase? {
        if command.permissions.contains(.owner) { return .ownerOnly }
        if command.permissions.contains(.botAdmin) { return .botAdminOnly }
        return command.permissions.contains(.groupAdmin) ? .groupAdminOnly : nil
    }

    @Test func whereTheBotIsNoAdministratorItSaysSo() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [world.phone], by: bob)
            let needy = commands.filter { $0.permissions.contains(.botIsAdmin) }
            let phrase = Phrase.botMustBeAdmin.text(.english)
            try await ask(needy.map { ($0.name, phrase) }, bob, in: group.jid)
        }
    }

    @Test func whatIsMissingIsNamedWithTheUsage() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let strict = commands.filter { command in
                command.arguments.first { $0.kind != .flag }.map { !$0.isOptional } ?? false
            }
            try await ask(strict.map { ($0.name, "Usage: .\($0.usage())") }, world.phone, in: group.jid)
        }
    }

    @Test func whatDoesNotFitIsRefused() async throws {
        try await BotWorld.run { world in
            let bob = try await world.person("Bob")
            let group = try await world.group(of: [bob])
            let wrong = commands.flatMap { command in
                Self.misfits(of: command, member: bob.number).map { ($0, "Usage: .\(command.usage())") }
            }
            #expect(wrong.count > 30)
            try await ask(wrong, world.phone, in: group.jid)
        }
    }

    /// Ways to write a command with one thing that its declaration rules out.
    private static func misfits(of command: CommandDeclaration, member: String) -> [String] {
        var misfits: [String] = []
        if command.arguments.contains(where: { $0.kind == .flag }) { misfits.append("--no-such-flag") }
        let arguments = command.arguments.filter { $0.kind != .flag }
        var good: [String] = []
        for argument in arguments {
            let isForNext = argument.isOptional && argument.name != arguments.last?.name
            switch argument.kind {
            case .number(let range):
                for number in [range.lowerBound - 1, range.upperBound + 1] {
                    misfits.append((good + ["\(number)"]).joined(separator: " "))
                }
                good.append("\(range.lowerBound)")
            case .choice(let choices):
                if !isForNext { misfits.append((good + ["no-such-choice"]).joined(separator: " ")) }
                good.append(choices[0])
            case .url:
                if !isForNext { misfits.append((good + ["no-address"]).joined(separator: " ")) }
                good.append("https://example.org/")
            case .duration:
                if !isForNext { misfits.append((good + ["no-time"]).joined(separator: " ")) }
                good.append("5m")
            case .people: good.append(member)
            case .word, .text, .flag: good.append("word")
            }
        }
        return misfits.map { "\(command.name) \($0)" }
    }

    /// Looks for each command in what phones write in the other tests: whoever adds one adds a test of it.
    @Test func everyCommandIsGivenInATest() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var given: Set<String> = []
        for case let file as URL in files ?? .init() {
            guard file.pathExtension == "swift", file.lastPathComponent != "EveryCommandTests.swift" else { continue }
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: /"[.#!]([a-z0-9]+)[ "\\]/) {
                if let command = registry.find(String(match.1)) { given.insert(command.declaration.name) }
            }
        }
        #expect(Set(commands.map(\.name)).subtracting(given).sorted() == [])
    }

    @Test func everyAliasLeadsToItsCommand() {
        for command in commands {
            for name in [command.name] + command.aliases {
                #expect(registry.find(name)?.declaration.name == command.name, "\(name)")
            }
        }
    }

    /// Gives several commands at once, fewer than a bot takes, and looks for a text in each answer.
    private func ask(_ questions: [(name: String, answer: String)], _ phone: TestPhone, in chat: String) async throws {
        for start in stride(from: 0, to: questions.count, by: 20) {
            let some = questions[start..<min(start + 20, questions.count)]
            var asked: [(name: String, answer: String, id: String)] = []
            for question in some {
                asked.append((question.name, question.answer, try await phone.says(".\(question.name)", to: chat)))
            }
            for question in asked {
                let answer = try await phone.answer(to: question.id).text ?? ""
                #expect(answer.contains(question.answer), "\(question.name): \(answer)")
            }
        }
    }
}

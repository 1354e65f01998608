import Foundation

@testable import Bots

/// Commands that no bot should have, to see what becomes of the others.
enum TestCommands {
    static let all: [any Command] = [Throwing(), Hanging(), Working(), Stubborn(), Once(), Cooling()]

    struct Throwing: Command {
        struct Broken: Error {}

        let declaration = CommandDeclaration("test-throw", .general, Phrase(same: "Fails."))

        func run(_ context: CommandContext) async throws { throw Broken() }
    }

    struct Hanging: Command {
        let declaration = CommandDeclaration(
            "test-hang",
            .general,
            Phrase(same: "Never ends."),
            timeLimit: .milliseconds(200)
        )

        func run(_ context: CommandContext) async throws { try await Task.sleep(for: .seconds(3_600)) }
    }

    /// Shows how far it is, and never gets there.
    struct Working: Command {
        let declaration = CommandDeclaration(
            "test-work",
            .general,
            Phrase(same: "Works for ever."),
            timeLimit: .milliseconds(200)
        )

        func run(_ context: CommandContext) async throws {
            try await context.working { try await Task.sleep(for: .seconds(3_600)) }
        }
    }

    /// Does not heed its cancellation.
    struct Stubborn: Command {
        let declaration = CommandDeclaration(
            "test-stubborn",
            .general,
            Phrase(same: "Never listens."),
            timeLimit: .milliseconds(200)
        )

        func run(_ context: CommandContext) async throws {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                DispatchQueue.global().asyncAfter(deadline: .now() + 5) { continuation.resume() }
            }
        }
    }

    struct Once: Command {
        let declaration = CommandDeclaration("test-once", .general, Phrase(same: "Counts."), isDoneOnce: true)

        func run(_ context: CommandContext) async throws { try await context.reply(verbatim: "done") }
    }

    struct Cooling: Command {
        let declaration = CommandDeclaration(
            "test-cool",
            .general,
            Phrase(same: "Needs a pause."),
            coolDown: .seconds(60)
        )

        func run(_ context: CommandContext) async throws { try await context.reply(verbatim: "cool") }
    }
}

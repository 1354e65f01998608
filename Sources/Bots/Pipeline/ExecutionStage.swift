import Foundation
import Synchronization

/// Eleventh: the command runs, for no longer than it may.
enum ExecutionStage {
    enum Outcome: Sendable {
        case done
        /// The command said no, with the reason for whoever asked.
        case refused(Phrase)
        case failed(any Error)
        case timedOut
        /// The server stops.
        case cancelled
    }

    /// Runs it and waits for its end, or for the end of its time: then it is cancelled and left to itself.
    static func run(_ command: any Command, _ context: CommandContext) async -> Outcome {
        let race = Race()
        // Not structured, so that a command which does not heed its cancellation holds up nobody.
        let work = Task {
            do {
                try await command.run(context)
                race.end(.done)
            } catch let refusal as CommandRefusal {
                race.end(.refused(refusal.phrase))
            } catch is CancellationError {
                race.end(.cancelled)
            } catch {
                race.end(.failed(error))
            }
            context.scratch.remove()
        }
        return await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    guard (try? await Task.sleep(for: command.declaration.timeLimit)) != nil else { return }
                    race.end(.timedOut)
                }
                let outcome = await race.outcome()
                group.cancelAll()
                work.cancel()
                return outcome
            }
        } onCancel: {
            work.cancel()
            race.end(.cancelled)
        }
    }

    /// The first end counts.
    private final class Race: Sendable {
        private struct State {
            var outcome: Outcome?
            var waiter: CheckedContinuation<Outcome, Never>?
        }

        private let state = Mutex(State())

        func end(_ outcome: Outcome) {
            let waiter = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
                guard state.outcome == nil else { return nil }
                state.outcome = outcome
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: outcome)
        }

        func outcome() async -> Outcome {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state in
                    if state.outcome == nil { state.waiter = continuation }
                    return state.outcome
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        }
    }
}

import Synchronization
import WhatsApp

/// Calls whoever works through a lane.
final class LaneBell: Sendable {
    private enum State {
        case quiet
        /// Nobody waited; who waits next need not.
        case rung
        case waiting(LoopContinuation<Bool>)
        case finished
    }

    private let state = Mutex(State.quiet)

    func ring() { change(to: .rung, telling: true) }

    /// Nobody is called any more.
    func finish() { change(to: .finished, telling: false) }

    private func change(to next: State, telling isRung: Bool) {
        let waiting = state.withLock { state -> LoopContinuation<Bool>? in
            switch state {
            case .finished: return nil
            case .quiet, .rung:
                state = next
                return nil
            case .waiting(let continuation):
                state = isRung ? .quiet : next
                return continuation
            }
        }
        waiting?.resume(returning: isRung)
    }

    /// Waits to be called, and goes on at `home`; false where nobody will be called any more.
    nonisolated(nonsending) func called(at home: any Executor) async -> Bool {
        let continuation = LoopContinuation<Bool>(home)
        let isCalled = state.withLock { state -> Bool? in
            switch state {
            case .finished: return false
            case .rung:
                state = .quiet
                return true
            case .quiet, .waiting:
                state = .waiting(continuation)
                return nil
            }
        }
        if let isCalled { return isCalled }
        return await continuation.value()
    }
}

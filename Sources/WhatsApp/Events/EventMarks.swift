internal import Synchronization

/// Which events of a session have been heard; told by listeners from any thread.
final class EventMarks: Sendable {
    private struct State {
        /// Numbered and not known to be heard, or heard out of turn; in order.
        var open: [UInt64] = []
        var first = 0
        /// Heard before one that comes before them.
        var early: Set<UInt64> = []
        var mark: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Every event up to this number has been heard.
    var mark: UInt64 { state.withLock { $0.mark } }

    var isAllHeard: Bool { state.withLock { $0.first == $0.open.count } }

    /// Everything up to the number is over, in an earlier run.
    func begin(at mark: UInt64) {
        state.withLock { $0.mark = max($0.mark, mark) }
    }

    /// An event is going to be told; the calls are in the order of the numbers.
    func expect(_ number: UInt64) {
        state.withLock { $0.open.append(number) }
    }

    func heard(_ number: UInt64) {
        state.withLock { state in
            guard state.first < state.open.count, number > state.mark else { return }
            guard state.open[state.first] == number else {
                state.early.insert(number)
                return
            }
            state.mark = number
            state.first += 1
            while state.first < state.open.count, state.early.remove(state.open[state.first]) != nil {
                state.mark = state.open[state.first]
                state.first += 1
            }
            if state.first == state.open.count {
                state.open.removeAll(keepingCapacity: state.open.count <= 64)
                state.first = 0
            } else if state.first >= 64, state.first * 2 >= state.open.count {
                state.open.removeFirst(state.first)
                state.first = 0
            }
        }
    }
}

import Synchronization

/// How many bytes of people's files all commands together may have at hand; who comes when there is no room waits.
final class FileRoom: Sendable {
    /// Room that was taken; given back once, by hand or when it is let go of.
    final class Place: Sendable {
        private let room: FileRoom
        private let bytes: Mutex<UInt64>

        fileprivate init(_ room: FileRoom, _ bytes: UInt64) {
            self.room = room
            self.bytes = Mutex(bytes)
        }

        deinit { leave() }

        func leave() {
            let taken = bytes.withLock { bytes in
                defer { bytes = 0 }
                return bytes
            }
            if taken > 0 { room.give(taken) }
        }
    }

    private struct Waiter {
        let id: UInt64
        let bytes: UInt64
        let reply: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: UInt64
        var waiters: [Waiter] = []
        var nextID: UInt64 = 0
    }

    private let limit: UInt64
    private let state: Mutex<State>

    init(bytes limit: UInt64) {
        self.limit = limit
        state = Mutex(State(free: limit))
    }

    /// Waits for its turn; throws only when the task is cancelled.
    func enter(_ bytes: UInt64) async throws -> Place {
        let bytes = min(bytes, limit)
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { reply in
                let answer = state.withLock { state -> Bool? in
                    guard !Task.isCancelled else { return false }
                    if state.waiters.isEmpty, state.free >= bytes {
                        state.free -= bytes
                        return true
                    }
                    state.waiters.append(Waiter(id: id, bytes: bytes, reply: reply))
                    return nil
                }
                if let answer { reply.resume(returning: answer) }
            }
        } onCancel: {
            leaveLine(id)
        }
        guard isIn else { throw CancellationError() }
        return Place(self, bytes)
    }

    private func leaveLine(_ id: UInt64) {
        let (gone, next) = state.withLock { state -> (Waiter?, [Waiter]) in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return (nil, []) }
            let gone = state.waiters.remove(at: index)
            // It may have been the one that did not fit.
            return (gone, Self.admit(&state))
        }
        gone?.reply.resume(returning: false)
        for waiter in next { waiter.reply.resume(returning: true) }
    }

    private func give(_ bytes: UInt64) {
        let next = state.withLock { state in
            state.free += bytes
            return Self.admit(&state)
        }
        for waiter in next { waiter.reply.resume(returning: true) }
    }

    /// Those whose turn it is, in their order.
    private static func admit(_ state: inout State) -> [Waiter] {
        var admitted: [Waiter] = []
        while let first = state.waiters.first, first.bytes <= state.free {
            state.free -= first.bytes
            admitted.append(state.waiters.removeFirst())
        }
        return admitted
    }

    /// How much room there is, and how many wait for some.
    var load: (free: UInt64, waiting: Int) { state.withLock { ($0.free, $0.waiters.count) } }
}

import Testing

@testable import Database

struct PoolStateTests {
    private func answer(_ state: inout PoolState<String>) -> String {
        switch state.request() {
        case .use(let connection): connection
        case .open: "open"
        case .mustWait: "wait"
        case .refuse(let error): "\(error)"
        }
    }

    private func describe(_ handover: PoolState<String>.Handover) -> String {
        switch handover {
        case .nobody: "nobody"
        case .give(let connection, let waiter): "\(connection) to \(waiter)"
        case .open(let waiter): "open by \(waiter)"
        }
    }

    @Test func connectionsAreOpenedUpToTheLimit() {
        var state = PoolState<String>(size: 2, waiterLimit: 1)
        #expect(answer(&state) == "open")
        #expect(answer(&state) == "open")
        #expect(answer(&state) == "wait")
        state.enqueue(1)
        #expect(answer(&state) == "poolExhausted")
        #expect(state.inUseCount == 2)
    }

    @Test func theOneUsedLastIsUsedNext() {
        var state = PoolState<String>(size: 2, waiterLimit: 1)
        _ = (answer(&state), answer(&state))
        _ = (state.giveBack("a"), state.giveBack("b"))
        #expect(state.idleCount == 2)
        #expect(answer(&state) == "b")
    }

    @Test func waitersAreServedInOrder() {
        var state = PoolState<String>(size: 1, waiterLimit: 9)
        _ = answer(&state)
        for waiter in [1, 2, 3] as [UInt64] { state.enqueue(waiter) }
        let second = state.abandon(2)
        #expect(second)
        #expect(describe(state.giveBack("a")) == "a to 1")
        let first = state.abandon(1)
        #expect(!first)
        #expect(describe(state.giveUpPlace()) == "open by 3")
        #expect(describe(state.giveBack("b")) == "nobody")
        #expect(state.idleCount == 1)
        #expect(state.inUseCount == 0)
    }

    @Test func aClosedPoolIsDrainedWhenEverythingIsBack() {
        var state = PoolState<String>(size: 3, waiterLimit: 9)
        _ = (answer(&state), answer(&state), answer(&state))
        _ = state.giveBack("a")
        state.enqueue(1)
        let (idle, waiters) = state.close()
        #expect(idle == ["a"])
        #expect(waiters == [1])
        #expect(answer(&state) == "closed")
        #expect(describe(state.giveBack("b")) == "nobody")
        #expect(!state.isDrained)
        #expect(describe(state.giveUpPlace()) == "nobody")
        #expect(state.isDrained)
    }
}

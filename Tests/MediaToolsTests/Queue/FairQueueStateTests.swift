import Testing

@testable import MediaTools

@Suite struct FairQueueStateTests {
    private func queue() -> FairQueueState {
        FairQueueState(limit: 1, waitingLimit: 4, waitingLimitPerKey: 2)
    }

    @Test func whoAsksOftenWaitsForTheOthers() {
        var queue = queue()
        let answer1 = queue.arrive(1, key: "a")
        #expect(answer1 == .start)
        let answer2 = queue.arrive(2, key: "a")
        #expect(answer2 == .wait)
        let answer3 = queue.arrive(3, key: "a")
        #expect(answer3 == .wait)
        let answer4 = queue.arrive(4, key: "b")
        #expect(answer4 == .wait)
        let answer5 = queue.finish()
        #expect(answer5 == 2)
        let answer6 = queue.finish()
        #expect(answer6 == 4)
        let answer7 = queue.finish()
        #expect(answer7 == 3)
        let answer8 = queue.finish()
        #expect(answer8 == nil)
        #expect(queue.working == 0)
        let answer9 = queue.arrive(5, key: "b")
        #expect(answer9 == .start)
    }

    @Test func waitingIsBounded() {
        var queue = queue()
        _ = queue.arrive(1, key: "a")
        _ = queue.arrive(2, key: "a")
        _ = queue.arrive(3, key: "a")
        let answer10 = queue.arrive(4, key: "a")
        #expect(answer10 == .refuse)
        let answer11 = queue.arrive(5, key: "b")
        #expect(answer11 == .wait)
        let answer12 = queue.arrive(6, key: "c")
        #expect(answer12 == .wait)
        let answer13 = queue.arrive(7, key: "d")
        #expect(answer13 == .refuse)
    }

    @Test func whoLeavesIsSkipped() {
        var queue = queue()
        _ = queue.arrive(1, key: "a")
        _ = queue.arrive(2, key: "b")
        _ = queue.arrive(3, key: "c")
        let answer14 = queue.leave(2, key: "b")
        #expect(answer14)
        let answer15 = queue.leave(2, key: "b")
        #expect(!answer15)
        let answer16 = queue.finish()
        #expect(answer16 == 3)
        #expect(queue.waiting == 0)
    }
}

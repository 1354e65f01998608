import Testing
import WhatsAppWire

@testable import WhatsApp

struct GroupCacheTests {
    private func jid(_ number: Int) -> JID { JID(user: String(120_363_000_000_000_000 + number), server: .group) }

    @Test func memoryIsBounded() {
        var cache = GroupCache()
        for number in 0..<1_000 { cache.put(.fixture(jid: jid(number), members: 256)) }
        #expect(cache.byteCount <= GroupCache.capacity)
        #expect(cache.count > 10)
        #expect(cache.peek(jid(999)) != nil && cache.peek(jid(0)) == nil)
        for number in 0..<1_000 { cache.drop(jid(number)) }
        #expect(cache.byteCount == 0 && cache.count == 0)
    }

    @Test func whatIsUsedStays() {
        var cache = GroupCache()
        cache.put(.fixture(jid: jid(0), members: 256))
        for number in 1..<100 {
            cache.put(.fixture(jid: jid(number), members: 256))
            let used = cache[jid(0)]
            #expect(used != nil)
        }
    }

    @Test func groupLargerThanTheCacheStaysAlone() {
        var cache = GroupCache()
        cache.put(.fixture(jid: jid(1), members: 10))
        cache.put(.fixture(jid: jid(2), members: 20_000))
        #expect(cache.count == 1 && cache.peek(jid(2)) != nil)
        cache.put(.fixture(jid: jid(1), members: 10))
        #expect(cache.count == 1 && cache.peek(jid(1)) != nil)
        cache.drop(jid(1))
        #expect(cache.byteCount == 0)
    }

    @Test func oneAsksAndTheOthersWait() async throws {
        var cache = GroupCache()
        let asks = [cache.begin(jid(1)), cache.begin(jid(1)), cache.begin(jid(2))]
        #expect(asks == [true, false, true])
        let result = await withCheckedContinuation { continuation in
            cache.wait(for: jid(1), continuation)
            let isKept = cache.finish(jid(1), .success(.fixture(jid: jid(1))))
            #expect(isKept)
        }
        #expect(try result.get().jid == jid(1))
        let asksAgain = cache.begin(jid(1))
        #expect(asksAgain, "the question is answered")
    }

    @Test func answerThatMayBeOlderIsNotKept() {
        var cache = GroupCache()
        _ = cache.begin(jid(1))
        cache.overhear(jid(1))
        let isFirstKept = cache.finish(jid(1), .success(.fixture()))
        _ = cache.begin(jid(1))
        cache.overhearAll()
        let isSecondKept = cache.finish(jid(1), .success(.fixture()))
        #expect(!isFirstKept && !isSecondKept)
    }
}

import Testing

@testable import WhatsApp

struct HotCacheTests {
    @Test func whatWasNotUsedBetweenTwoCoolingsGoes() {
        var cache = HotCache<Int>(limit: 100)
        for number in 0..<10 { cache.load("\(number)", number) }
        cache.cool(committed: 0)
        #expect(cache.count == 10)
        _ = cache["3"]
        cache.cool(committed: 0)
        #expect(cache.count == 1)
        #expect(cache["3"] == 3)
    }

    @Test func whatIsNotDurableStays() {
        var cache = HotCache<Int>(limit: 4)
        cache.set("changed", 1, commit: 1)
        cache.set("under way", 2, commit: 2)
        _ = cache.takeChanges()
        cache.set("changed", 3, commit: 3)
        for _ in 0..<3 { cache.cool(committed: 1) }
        #expect(cache.contains("changed"))
        #expect(cache.contains("under way"))
        _ = cache.takeChanges()
        cache.cool(committed: 3)
        #expect(cache.count == 0)
    }

    @Test func theColdestGoWhenTheyAreTooLarge() {
        var cache = HotCache<Int>(limit: 100, bytes: 1_000)
        for number in 0..<4 { cache.load("\(number)", number, weight: 200) }
        cache.set("new", 5, commit: 1)
        cache.weigh("new", 500)
        #expect(cache.bytes == 1_300)
        _ = cache["0"]
        _ = cache.takeChanges()
        cache.evict(committed: 0)
        // The new one is not durable yet.
        #expect(cache.contains("new") && cache.contains("0") && !cache.contains("1") && !cache.contains("2"))
        #expect(cache.bytes <= 750)
        cache.cool(committed: 1)
        cache.cool(committed: 1)
        #expect(cache.count == 0 && cache.bytes == 0)
    }

    @Test func theColdestGoWhenThereAreTooMany() {
        var cache = HotCache<Int>(limit: 8)
        for number in 0..<9 { cache.load("\(number)", number) }
        _ = cache["0"]
        cache.evict(committed: 0)
        #expect(cache.count == 6)
        #expect(cache.contains("0"))
        #expect(!cache.contains("1"))
    }
}

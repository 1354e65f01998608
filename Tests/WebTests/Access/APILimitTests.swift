import Testing

@testable import Web

struct APILimitTests {
    private func address(_ number: Int) throws -> NetworkAddress {
        try #require(NetworkAddress("192.0.2.\(number)"))
    }

    /// Many strangers do not give back what somebody has used up a moment ago.
    @Test func whoeverCallsNowIsNotForgotten() throws {
        let limits = APILimits(mostBuckets: 20)
        for number in 1...19 { try limits.take(address: address(number), of: 2) }
        let busy = try address(200)
        try limits.take(address: busy, of: 2)
        try limits.take(address: busy, of: 2)
        for number in 20...25 { try limits.take(address: address(number), of: 2) }
        #expect(throws: RequestError.self) { try limits.take(address: busy, of: 2) }
    }
}

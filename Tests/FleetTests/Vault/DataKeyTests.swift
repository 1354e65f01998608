import Crypto
import Testing

@testable import Fleet

/// What is encrypted at rest.
struct DataKeyTests {
    private let symmetric = SymmetricKey(size: .bits256)
    private let place = SealedPlace.record(of: SessionID(), kind: 3, name: "15551234567:2")

    @Test(arguments: [0, 1, 600, 100_000])
    func theFormIsThatOfASealedBox(length: Int) throws {
        let key = DataKey(symmetric)
        let plain = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = key.seal(plain, in: place)
        #expect(sealed.count == length + DataKey.overhead)
        let box = try AES.GCM.SealedBox(combined: sealed)
        #expect(Array(try AES.GCM.open(box, using: symmetric, authenticating: place.bytes)) == plain)

        let other = try AES.GCM.seal(plain, using: symmetric, authenticating: place.bytes)
        #expect(try key.open(Array(#require(other.combined)), in: place) == plain)
    }

    @Test func whatIsElsewhereOrAlteredDoesNotOpen() throws {
        let key = DataKey(symmetric)
        let sealed = key.seal([1, 2, 3], in: place)
        #expect(throws: SealBroken.self) {
            try key.open(sealed, in: .record(of: SessionID(), kind: 3, name: "15551234567:2"))
        }
        #expect(throws: SealBroken.self) { try DataKey.random().open(sealed, in: place) }
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 0x80
            #expect(throws: SealBroken.self) { try key.open(altered, in: place) }
        }
        for count in 0..<sealed.count {
            #expect(throws: SealBroken.self) { try key.open(Array(sealed.prefix(count)), in: place) }
        }
    }

    /// By many at the same time, and across fetches of randomness.
    @Test func noNonceIsGivenTwice() async {
        let key = DataKey(symmetric)
        let nonces = await withTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<1_000).map { _ in Array(key.seal([], in: place).prefix(12)) } }
            }
            return await group.reduce(into: [[UInt8]]()) { $0 += $1 }
        }
        #expect(nonces.count == 8_000)
        #expect(Set(nonces).count == nonces.count)
    }
}

internal import Synchronization

/// Counts what each address (or IPv6 /64) holds open, up to a limit.
final class AddressCounter: Sendable {
    private let counts = Mutex<[NetworkAddress: Int]>([:])
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a place, or returns false when the address has all of its places.
    func take(_ address: NetworkAddress) -> Bool {
        counts.withLock { counts in
            let taken = counts[address.network, default: 0]
            guard taken < limit else { return false }
            counts[address.network] = taken + 1
            return true
        }
    }

    func giveBack(_ address: NetworkAddress) {
        counts.withLock { counts in
            guard let taken = counts[address.network] else { return }
            counts[address.network] = taken > 1 ? taken - 1 : nil
        }
    }
}

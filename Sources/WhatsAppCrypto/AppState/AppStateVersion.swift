internal import Crypto
internal import Foundation
internal import SignalProtocol

/// How far a collection is known: its version and the hash of its records.
package struct AppStateVersion: Sendable, Equatable {
    package var number: UInt64
    package var hash: LTHash

    package init(number: UInt64 = 0, hash: LTHash = LTHash()) {
        self.number = number
        self.hash = hash
    }

    /// The form in the store: version, big-endian, and hash.
    package var serialized: [UInt8] { bigEndian(number) + hash.bytes }

    /// Nil when it is not of that form.
    package init?(serialized: [UInt8]) {
        guard serialized.count == 8 + LTHash.size, let hash = LTHash(serialized.dropFirst(8)) else { return nil }
        self.init(number: serialized.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, hash: hash)
    }

    func snapshotMAC(of collection: AppStateCollection, keys: AppStateKeys) -> [UInt8] {
        var hmac = HMAC<SHA256>(key: keys.snapshotMAC)
        hmac.update(data: hash.bytes)
        hmac.update(data: bigEndian(number))
        hmac.update(data: Array(collection.rawValue.utf8))
        return Array(hmac.finalize())
    }

    func patchMAC(
        snapshotMAC: [UInt8],
        valueMACs: some Sequence<[UInt8]>,
        collection: AppStateCollection,
        keys: AppStateKeys
    ) -> [UInt8] {
        var hmac = HMAC<SHA256>(key: keys.patchMAC)
        hmac.update(data: snapshotMAC)
        for mac in valueMACs { hmac.update(data: mac) }
        hmac.update(data: bigEndian(number))
        hmac.update(data: Array(collection.rawValue.utf8))
        return Array(hmac.finalize())
    }
}

/// What a patch or snapshot has led to; the caller makes it durable as a whole.
package struct AppStateStep: Sendable {
    package var version: AppStateVersion
    /// In the order in which they apply.
    package var mutations: [AppStateMutation] = []
    /// The value MAC that now stands under an index MAC; nil where none does any more.
    package var valueMACs: [[UInt8]: [UInt8]?] = [:]
    /// Records whose MACs are right and that hold nothing that can be read.
    package var unreadable = 0
    /// Removals of what was not there.
    package var unknownRemovals = 0

    package init(version: AppStateVersion, mutations: [AppStateMutation] = []) {
        self.version = version
        self.mutations = mutations
    }
}

/// How much of the integrity of a collection is checked.
package enum AppStateChecks: Sendable {
    /// Everything.
    case all
    /// Each record by itself: the last resort when the devices of an account disagree about a collection's hash.
    case recordsOnly
}

/// The keys at hand, by their names.
package typealias AppStateKeyring = [AppStateKeyID: AppStateKeys]

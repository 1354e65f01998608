import Foundation
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs

struct AppStatePatchTests {
    private let keys: AppStateKeys
    private let keyring: AppStateKeyring
    private var random = SystemRandomNumberGenerator()

    init() throws {
        let id = AppStateKeyID(device: 0, epoch: 7)
        keys = try #require(AppStateKeys(id: id, key: [UInt8](repeating: 9, count: 32)))
        keyring = [id: keys]
    }

    private func mute(_ chat: String, _ muted: Bool, _ operation: AppStateOperation = .set) -> AppStateMutation {
        var value = WASyncActionValue()
        value.muteAction.muted = muted
        value.timestamp = 1_700_000_000_000
        return AppStateMutation(operation, index: ["mute", chat], value: value, version: 2)
    }

    private func read(
        _ patch: WASyncdPatch,
        on version: AppStateVersion,
        previous: [[UInt8]: [UInt8]] = [:],
        collection: AppStateCollection = .regularHigh,
        checks: AppStateChecks = .all
    ) throws(AppStateError) -> AppStateStep {
        try version.applying(
            patch,
            number: version.number + 1,
            mutations: patch.mutations,
            to: collection,
            keys: keyring,
            previous: previous,
            checks: checks
        )
    }

    @Test mutating func whatIsWrittenReadsTheSame() throws {
        let mutations = [mute("a", true), mute("b", true), mute("a", false), mute("b", true, .remove)]
        let (patch, step) = try AppStateVersion()
            .writing(mutations, to: .regularHigh, keys: keys, previous: [:], using: &random)
        #expect(!patch.hasVersion)
        let result = try read(patch, on: AppStateVersion())
        #expect(result.version == step.version)
        #expect(result.mutations == mutations)
        #expect(result.valueMACs == step.valueMACs)
        // What is left is one record: a snapshot of it has the same hash only with the same bytes.
        var only = LTHash()
        for mac in result.valueMACs.values.compactMap({ $0 }) { only.add(mac) }
        #expect(result.version.hash == only)
    }

    @Test mutating func everyChangedByteIsRefused() throws {
        let (patch, _) = try AppStateVersion()
            .writing([mute("a", true)], to: .regularHigh, keys: keys, previous: [:], using: &random)
        for position in patch.mutations[0].record.value.blob.indices {
            var changed = patch
            changed.mutations[0].record.value.blob[position] ^= 1
            #expect(throws: AppStateError.self) { try self.read(changed, on: AppStateVersion()) }
            #expect(throws: AppStateError.badValueMAC) {
                try self.read(changed, on: AppStateVersion(), checks: .recordsOnly)
            }
        }
        var changed = patch
        changed.mutations[0].record.index.blob[0] ^= 1
        #expect(throws: AppStateError.badIndexMAC) { try self.read(changed, on: AppStateVersion()) }
        changed = patch
        changed.snapshotMac[3] ^= 1
        #expect(throws: AppStateError.badPatchMAC) { try self.read(changed, on: AppStateVersion()) }
        changed = patch
        changed.mutations[0].operation = .remove
        #expect(throws: AppStateError.badValueMAC) { try self.read(changed, on: AppStateVersion()) }
        #expect(throws: AppStateError.badPatchMAC) {
            try self.read(patch, on: AppStateVersion(), collection: .regularLow)
        }
        #expect(throws: AppStateError.badPatchMAC) { try self.read(patch, on: AppStateVersion(number: 4)) }
    }

    /// The same mutations on another base: the patch is right, what it leads to is not what its author had.
    @Test mutating func anotherBaseIsNoticedByTheSnapshotMAC() throws {
        let (patch, _) = try AppStateVersion()
            .writing([mute("a", true)], to: .regular, keys: keys, previous: [:], using: &random)
        var other = LTHash()
        other.add([1])
        #expect(throws: AppStateError.badSnapshotMAC) {
            try self.read(patch, on: AppStateVersion(number: 0, hash: other), collection: .regular)
        }
        let step = try read(
            patch,
            on: AppStateVersion(number: 0, hash: other),
            collection: .regular,
            checks: .recordsOnly
        )
        #expect(step.mutations.count == 1)
    }

    @Test mutating func gapsMissingKeysAndGivenUpPatchesHaveTheirErrors() throws {
        let (patch, _) = try AppStateVersion()
            .writing([mute("a", true)], to: .regular, keys: keys, previous: [:], using: &random)
        #expect(throws: AppStateError.gap(stored: 0, received: 2)) {
            try AppStateVersion()
                .applying(patch, number: 2, mutations: patch.mutations, to: .regular, keys: keyring, previous: [:])
        }
        #expect(throws: AppStateError.missingKeys([keys.id])) {
            try AppStateVersion()
                .applying(patch, number: 1, mutations: patch.mutations, to: .regular, keys: [:], previous: [:])
        }
        #expect(throws: AppStateError.gap(stored: .max, received: 0)) {
            try AppStateVersion(number: .max)
                .applying(patch, number: 0, mutations: [], to: .regular, keys: keyring, previous: [:])
        }
        var ended = patch
        ended.exitCode.code = 5
        #expect(throws: AppStateError.senderGaveUp(code: 5)) { try self.read(ended, on: AppStateVersion()) }
    }

    @Test mutating func aSnapshotHoldsTheSameRecordsAndIsChecked() throws {
        let mutations = (0..<50).map { mute("\($0)@s.whatsapp.net", $0 % 2 == 0) }
        let (patch, written) = try AppStateVersion(number: 11)
            .writing(mutations, to: .regularLow, keys: keys, previous: [:], using: &random)
        let snapshot = written.version.snapshot(patch.mutations.map(\.record), of: .regularLow, keys: keys)
        let step = try AppStateVersion.reading(snapshot, of: .regularLow, keys: keyring)
        #expect(step.version.number == 12)
        #expect(step.mutations == mutations)
        #expect(step.valueMACs.count == 50)
        var short = snapshot
        short.records.removeLast()
        #expect(throws: AppStateError.badSnapshotMAC) {
            try AppStateVersion.reading(short, of: .regularLow, keys: keyring)
        }
        #expect(throws: AppStateError.missingKeys([keys.id])) {
            try AppStateVersion.reading(snapshot, of: .regularLow, keys: [:])
        }
    }

    @Test mutating func theCopyOfThePhoneIsTakenOverWhereItsHashFits() throws {
        let mutations = (0..<5).map { mute("\($0)@s.whatsapp.net", true) }
        let (patch, written) = try AppStateVersion(number: 3)
            .writing(mutations, to: .regularHigh, keys: keys, previous: [:], using: &random)
        var recovery = WASyncdSnapshotRecovery()
        recovery.version.version = 4
        recovery.collectionName = "regular_high"
        recovery.collectionLthash = Data(written.version.hash.bytes)
        recovery.mutationRecords = zip(mutations, patch.mutations).map { mutation, syncd in
            var record = WASyncdPlainTextRecord()
            record.value.index = Data(AppStateIndex.encode(mutation.index))
            record.value.value = mutation.value
            record.value.version = mutation.version
            record.keyID = Data(keys.id.bytes)
            record.mac = syncd.record.value.blob.suffix(32)
            return record
        }
        let step = try AppStateVersion.adopting(recovery, keys: keyring)
        #expect(step.version == written.version)
        #expect(step.mutations == mutations)
        #expect(step.valueMACs == written.valueMACs)
        recovery.mutationRecords.removeLast()
        #expect(throws: AppStateError.badSnapshotMAC) { try AppStateVersion.adopting(recovery, keys: keyring) }
    }

    @Test mutating func aRemovalOfWhatIsNotThereIsCounted() throws {
        let (patch, step) = try AppStateVersion()
            .writing([mute("a", true, .remove)], to: .regular, keys: keys, previous: [:], using: &random)
        #expect(step.version.hash == LTHash())
        #expect(try read(patch, on: AppStateVersion(), collection: .regular).unknownRemovals == 1)
    }

    @Test func theNewestEpochAndThenTheLowestDeviceWrites() {
        let old = AppStateKeyID(device: 0, epoch: 1)
        let new = AppStateKeyID(device: 3, epoch: 2)
        let newOfPhone = AppStateKeyID(device: 0, epoch: 2)
        #expect(new.isPreferred(over: old) && !old.isPreferred(over: new))
        #expect(newOfPhone.isPreferred(over: new) && !new.isPreferred(over: newOfPhone))
        #expect(new.device == 3 && new.epoch == 2)
    }
}

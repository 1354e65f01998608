internal import Foundation
internal import SignalProtocol
package import WhatsAppProtobufs

extension AppStateVersion {
    /// More records than any account has.
    package static let recordLimit = 500_000
    package static let mutationLimit = 100_000

    /// The index MACs of a patch, whose value MACs ``applying(_:number:mutations:to:keys:previous:checks:)`` needs.
    package static func indexMACs(of mutations: [WASyncdMutation]) throws(AppStateError) -> [[UInt8]] {
        guard mutations.count <= mutationLimit else { throw .tooLarge(limit: mutationLimit) }
        return mutations.map { [UInt8]($0.record.index.blob) }
    }

    /// Applies one patch whose mutations may have come from elsewhere.
    ///
    /// `previous` has the value MACs that stand under the patch's index MACs. Nothing changes on an error: the result is
    /// a value of its own.
    package func applying(
        _ patch: WASyncdPatch,
        number: UInt64,
        mutations: [WASyncdMutation],
        to collection: AppStateCollection,
        keys: AppStateKeyring,
        previous: [[UInt8]: [UInt8]],
        checks: AppStateChecks = .all
    ) throws(AppStateError) -> AppStateStep {
        if patch.hasExitCode { throw .senderGaveUp(code: patch.exitCode.code) }
        let (next, overflow) = self.number.addingReportingOverflow(1)
        guard !overflow, number == next else { throw .gap(stored: self.number, received: number) }
        guard mutations.count <= Self.mutationLimit else { throw .tooLarge(limit: Self.mutationLimit) }
        var records: [SealedRecord] = []
        records.reserveCapacity(mutations.count)
        for mutation in mutations { records.append(try SealedRecord(mutation.record)) }
        let patchKeys = try Self.key(named: patch.keyID, and: records, in: keys)

        var step = AppStateStep(version: AppStateVersion(number: number, hash: hash))
        if checks == .all {
            let mac = step.version.patchMAC(
                snapshotMAC: [UInt8](patch.snapshotMac),
                valueMACs: records.lazy.map(\.valueMAC),
                collection: collection,
                keys: patchKeys
            )
            guard constantTimeEqual(mac, patch.patchMac) else { throw .badPatchMAC }
        }
        for (mutation, record) in zip(mutations, records) {
            let operation: AppStateOperation = mutation.operation == .remove ? .remove : .set
            try step.take(record, operation, previous: previous[record.indexMAC], keys: keys)
        }
        if checks == .all {
            let mac = step.version.snapshotMAC(of: collection, keys: patchKeys)
            guard constantTimeEqual(mac, patch.snapshotMac) else { throw .badSnapshotMAC }
        }
        return step
    }

    /// A collection as a snapshot describes it; all that was known of it before is void.
    package static func reading(
        _ snapshot: WASyncdSnapshot,
        of collection: AppStateCollection,
        keys: AppStateKeyring,
        checks: AppStateChecks = .all
    ) throws(AppStateError) -> AppStateStep {
        guard snapshot.records.count <= recordLimit else { throw .tooLarge(limit: recordLimit) }
        var records: [SealedRecord] = []
        records.reserveCapacity(snapshot.records.count)
        for record in snapshot.records { records.append(try SealedRecord(record)) }
        let snapshotKeys = try key(named: snapshot.keyID, and: records, in: keys)
        var step = AppStateStep(version: AppStateVersion(number: snapshot.version.version))
        for record in records { try step.take(record, .set, previous: nil, keys: keys) }
        if checks == .all {
            let mac = step.version.snapshotMAC(of: collection, keys: snapshotKeys)
            guard constantTimeEqual(mac, snapshot.mac) else { throw .badSnapshotMAC }
        }
        return step
    }

    /// The key that protects the whole; every key that is not at hand is named in the error.
    private static func key(
        named name: WAKeyId,
        and records: [SealedRecord],
        in keys: AppStateKeyring
    ) throws(AppStateError) -> AppStateKeys {
        guard let id = AppStateKeyID(name.id) else { throw .malformed("key id") }
        var missing = Set(records.lazy.map(\.keyID).filter { keys[$0] == nil })
        guard let found = keys[id] else {
            missing.insert(id)
            throw .missingKeys(missing.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
        }
        guard missing.isEmpty else {
            throw .missingKeys(missing.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) })
        }
        return found
    }
}

extension AppStateStep {
    fileprivate mutating func take(
        _ record: SealedRecord,
        _ operation: AppStateOperation,
        previous: [UInt8]?,
        keys: AppStateKeyring
    ) throws(AppStateError) {
        guard let recordKeys = keys[record.keyID] else { throw .missingKeys([record.keyID]) }
        if let mutation = try record.open(operation, with: recordKeys) {
            mutations.append(mutation)
        } else {
            unreadable += 1
        }
        replace(record.indexMAC, previous: previous, with: operation == .set ? record.valueMAC : nil)
    }

    /// Takes what stood under an index out of the hash and puts in what stands there now.
    mutating func replace(_ indexMAC: [UInt8], previous: [UInt8]?, with valueMAC: [UInt8]?) {
        let former = if let known = valueMACs[indexMAC] { known } else { previous }
        if let former {
            version.hash.subtract(former)
        } else if valueMAC == nil {
            unknownRemovals += 1
        }
        if let valueMAC { version.hash.add(valueMAC) }
        valueMACs[indexMAC] = .some(valueMAC)
    }
}

internal import Crypto
internal import Foundation
package import WhatsAppProtobufs

extension AppStateVersion {
    /// The index MACs under which mutations will stand, whose value MACs writing them needs.
    package static func indexMACs(of mutations: [AppStateMutation], keys: AppStateKeys) -> [[UInt8]] {
        mutations.map { mutation in
            Array(HMAC<SHA256>.authenticationCode(for: AppStateIndex.encode(mutation.index), using: keys.index))
        }
    }

    /// A patch that takes the collection one version further, and what it leads to once the service has taken it.
    ///
    /// The patch names no version: the service counts.
    package func writing(
        _ mutations: [AppStateMutation],
        to collection: AppStateCollection,
        keys: AppStateKeys,
        previous: [[UInt8]: [UInt8]],
        device: UInt32? = nil,
        using random: inout some RandomNumberGenerator
    ) throws(AppStateError) -> (patch: WASyncdPatch, step: AppStateStep) {
        guard mutations.count <= Self.mutationLimit else { throw .tooLarge(limit: Self.mutationLimit) }
        let (next, overflow) = number.addingReportingOverflow(1)
        guard !overflow else { throw .malformed("version") }
        var step = AppStateStep(version: AppStateVersion(number: next, hash: hash), mutations: mutations)
        var patch = WASyncdPatch()
        var valueMACs: [[UInt8]] = []
        for mutation in mutations {
            let sealed = try SealedRecord.seal(mutation, keys: keys, using: &random)
            let record = try SealedRecord(sealed)
            var syncd = WASyncdMutation()
            syncd.operation = mutation.operation == .set ? .set : .remove
            syncd.record = sealed
            patch.mutations.append(syncd)
            valueMACs.append(record.valueMAC)
            step.replace(
                record.indexMAC,
                previous: previous[record.indexMAC],
                with: mutation.operation == .set ? record.valueMAC : nil
            )
        }
        let snapshotMAC = step.version.snapshotMAC(of: collection, keys: keys)
        patch.snapshotMac = Data(snapshotMAC)
        patch.patchMac = Data(
            step.version.patchMAC(
                snapshotMAC: snapshotMAC,
                valueMACs: valueMACs,
                collection: collection,
                keys: keys
            )
        )
        patch.keyID.id = Data(keys.id.bytes)
        if let device { patch.deviceIndex = device }
        return (patch, step)
    }

    /// A snapshot of records as they were written, whose hash this version has.
    package func snapshot(
        _ records: [WASyncdRecord],
        of collection: AppStateCollection,
        keys: AppStateKeys
    ) -> WASyncdSnapshot {
        var snapshot = WASyncdSnapshot()
        snapshot.version.version = number
        snapshot.records = records
        snapshot.mac = Data(snapshotMAC(of: collection, keys: keys))
        snapshot.keyID.id = Data(keys.id.bytes)
        return snapshot
    }
}

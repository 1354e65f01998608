internal import Crypto
internal import Foundation
package import WhatsAppProtobufs

extension AppStateVersion {
    /// A collection as the phone has it, in plain; only to be taken from the account's own phone.
    ///
    /// Refused where the hash is not that of the records.
    package static func adopting(
        _ recovery: WASyncdSnapshotRecovery,
        keys: AppStateKeyring
    ) throws(AppStateError) -> AppStateStep {
        guard recovery.mutationRecords.count <= recordLimit else { throw .tooLarge(limit: recordLimit) }
        guard let hash = LTHash(recovery.collectionLthash) else { throw .malformed("hash") }
        var step = AppStateStep(version: AppStateVersion(number: recovery.version.version))
        for record in recovery.mutationRecords {
            guard record.mac.count == SealedRecord.macSize else { throw .malformed("mac") }
            guard let id = AppStateKeyID(record.keyID) else { throw .malformed("key id") }
            guard let keys = keys[id] else { throw .missingKeys([id]) }
            let index = [UInt8](record.value.index)
            let indexMAC = Array(HMAC<SHA256>.authenticationCode(for: index, using: keys.index))
            step.replace(indexMAC, previous: nil, with: [UInt8](record.mac))
            guard let parts = AppStateIndex.decode(index), !parts.isEmpty else {
                step.unreadable += 1
                continue
            }
            step.mutations.append(
                AppStateMutation(.set, index: parts, value: record.value.value, version: record.value.version)
            )
        }
        guard step.version.hash == hash else { throw .badSnapshotMAC }
        return step
    }
}

import SwiftProtobuf
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs

struct AppStateVectorTests {
    @Test func bothPatchesApplyWithTheirHashesAndValues() throws {
        let vectors = try AppStateVectors.load()
        let keys = try vectors.keys()
        var version = AppStateVersion()
        #expect(version.hash.bytes == vectors.first.hashBefore.bytes)
        var macs: [[UInt8]: [UInt8]] = [:]
        for patch in [vectors.first, vectors.second] {
            let message = vectors.message(of: patch)
            let step = try version.applying(
                message,
                number: patch.version,
                mutations: message.mutations,
                to: .regularHigh,
                keys: [keys.id: keys],
                previous: macs
            )
            #expect(step.version.hash.bytes == patch.hashAfter.bytes)
            #expect(step.version.number == patch.version)
            #expect(step.unknownRemovals == 0 && step.unreadable == 0)
            for (mutation, expected) in zip(step.mutations, patch.mutations) {
                let action = try WASyncActionData(serializedBytes: expected.syncActionData.bytes)
                #expect(AppStateIndex.encode(mutation.index) == Array(expected.indexUTF8.utf8))
                #expect(mutation.value == action.value)
                #expect(mutation.operation == (expected.operation == 1 ? .remove : .set))
            }
            for (index, mac) in step.valueMACs { macs[index] = mac }
            version = step.version
        }
        #expect(macs.count == 1)
    }

    @Test func aValueMACExpandsToItsPartOfTheHash() throws {
        let vectors = try AppStateVectors.load()
        var hash = LTHash()
        hash.add(vectors.expansion.valueMAC.bytes)
        #expect(hash.bytes == vectors.expansion.expanded.bytes)
        hash.subtract(vectors.expansion.valueMAC.bytes)
        #expect(hash == LTHash())
    }

    @Test func aCollectionKeepsItsStoredForm() throws {
        let vectors = try AppStateVectors.load()
        let hash = try #require(LTHash(vectors.first.hashAfter.bytes))
        let version = AppStateVersion(number: 0x0102_0304_0506_0708, hash: hash)
        #expect(AppStateVersion(serialized: version.serialized) == version)
        #expect(AppStateVersion(serialized: Array(version.serialized.dropLast())) == nil)
    }
}

import Foundation
import SwiftProtobuf
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs

struct AppStateBadInputTests {
    /// A patch whose bytes were changed at random applies, or is refused; it never traps.
    @Test func anyPatchAppliesOrThrows() throws {
        let vectors = try AppStateVectors.load()
        let keys = try vectors.keys()
        let good: [UInt8] = try vectors.message(of: vectors.first).serializedBytes()
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let position = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: position)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
                }
            }
            guard let patch = try? WASyncdPatch(serializedBytes: bytes) else { continue }
            for checks in [AppStateChecks.all, .recordsOnly] {
                let step = try? AppStateVersion()
                    .applying(
                        patch,
                        number: 1,
                        mutations: patch.mutations,
                        to: .regularHigh,
                        keys: [keys.id: keys],
                        previous: [:],
                        checks: checks
                    )
                if let step { #expect(step.version.number == 1) }
            }
            var snapshot = WASyncdSnapshot()
            snapshot.records = patch.mutations.map(\.record)
            snapshot.keyID = patch.keyID
            #expect(throws: AppStateError.self) {
                try AppStateVersion.reading(snapshot, of: .regular, keys: [keys.id: keys])
            }
        }
    }

    @Test(arguments: [0, 16, 32, 48, 63, 65, 66])
    func aValueOfAnImpossibleLengthIsMalformed(length: Int) throws {
        let vectors = try AppStateVectors.load()
        let keys = try vectors.keys()
        var patch = vectors.message(of: vectors.first)
        patch.mutations[0].record.value.blob = Data(repeating: 0, count: length)
        #expect(throws: AppStateError.malformed("value")) {
            try AppStateVersion()
                .applying(
                    patch,
                    number: 1,
                    mutations: patch.mutations,
                    to: .regularHigh,
                    keys: [keys.id: keys],
                    previous: [:]
                )
        }
    }

    @Test func tooManyMutationsAreRefusedBeforeAnyWork() throws {
        let vectors = try AppStateVectors.load()
        let keys = try vectors.keys()
        let patch = vectors.message(of: vectors.first)
        let many = [WASyncdMutation](repeating: patch.mutations[0], count: AppStateVersion.mutationLimit + 1)
        #expect(throws: AppStateError.tooLarge(limit: AppStateVersion.mutationLimit)) {
            try AppStateVersion()
                .applying(patch, number: 1, mutations: many, to: .regular, keys: [keys.id: keys], previous: [:])
        }
    }
}

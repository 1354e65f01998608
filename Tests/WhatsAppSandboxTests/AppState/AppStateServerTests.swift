import Foundation
import SignalProtocol
import SwiftProtobuf
import Testing
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

@testable import WhatsAppSandbox

struct AppStateServerTests {
    private let companion = TestCompanion()
    private let other = TestCompanion()
    private static let number = ServerHarness.number

    /// Two companions, both there.
    private func loggedIn() throws -> (ServerHarness, ConnectionID, ConnectionID) {
        var harness = try ServerHarness.withPhone()
        _ = try harness.link(companion)
        _ = try harness.link(other)
        let id = try harness.logIn(companion, device: 1)
        let second = try harness.logIn(other, device: 2)
        _ = harness.take(id)
        _ = harness.take(second)
        return (harness, id, second)
    }

    private func sync(
        _ collection: AppStateCollection,
        _ version: UInt64,
        isFresh: Bool = false,
        _ patch: WASyncdPatch? = nil
    ) throws -> BinaryNode {
        BinaryNode(
            "sync",
            children: [
                BinaryNode(
                    "collection",
                    [
                        "name": .text(collection.rawValue), "version": .text(String(version)),
                        "return_snapshot": isFresh ? "true" : "false",
                    ],
                    children: try patch.map { [BinaryNode("patch", bytes: try $0.serializedBytes() as [UInt8])] } ?? []
                )
            ]
        )
    }

    private func ask(_ node: BinaryNode, _ harness: inout ServerHarness, _ id: ConnectionID) throws -> BinaryNode {
        let answer = try harness.ask(harness.iq("set", "w:sync:app:state", [node]), on: id)
        return try #require(answer.child("sync")?.child("collection"))
    }

    private func mute(_ chat: String, _ muted: Bool = true) -> AppStateMutation {
        var value = WASyncActionValue()
        value.timestamp = 1
        value.muteAction.muted = muted
        return AppStateMutation(.set, index: ["mute", chat], value: value, version: 2)
    }

    private func patches(_ node: BinaryNode) throws -> [WASyncdPatch] {
        try (node.child("patches")?.children("patch") ?? [])
            .map { try WASyncdPatch(serializedBytes: Array(try #require($0.bytes))) }
    }

    private func state(_ harness: ServerHarness) throws -> AccountAppState {
        try #require(harness.state.phones[Self.number]).appState
    }

    @Test func whatThePhoneWritesIsFetchedAndFitsTogether() throws {
        var (harness, id, _) = try loggedIn()
        let empty = try ask(sync(.regularHigh, 0, isFresh: true), &harness, id)
        #expect(empty.attributes.text("version") == "0" && empty.children.isEmpty)
        try harness.perform { try $0.writeAppState([mute("a@lid")], to: .regularHigh, by: Self.number) }
        try harness.perform { try $0.writeAppState([mute("a@lid", false)], to: .regularHigh, by: Self.number) }
        let notices = harness.take(id).filter { $0.attributes.text("type") == "server_sync" }
        #expect(notices.map { $0.child("collection")?.attributes.text("version") } == ["1", "2"])

        let answer = try ask(sync(.regularHigh, 0), &harness, id)
        var version = AppStateVersion()
        var macs: [[UInt8]: [UInt8]] = [:]
        for patch in try patches(answer) {
            let step = try version.applying(
                patch,
                number: patch.version.version,
                mutations: patch.mutations,
                to: .regularHigh,
                keys: try state(harness).keyring,
                previous: macs
            )
            version = step.version
            for (index, mac) in step.valueMACs { macs[index] = mac }
        }
        #expect(version.number == 2)
        #expect(try state(harness)[.regularHigh].version == version)
        #expect(try ask(sync(.regularHigh, 1), &harness, id).child("patches")?.children.count == 1)
        #expect(try ask(sync(.regularHigh, 2), &harness, id).children.isEmpty)
    }

    @Test func anUploadOnAnOldVersionConflictsAndOnTheNewestIsTold() throws {
        var (harness, id, second) = try loggedIn()
        try harness.perform { try $0.writeAppState([mute("a@lid")], to: .regularHigh, by: Self.number) }
        let known = try state(harness)
        var random = SystemRandomNumberGenerator()
        let keys = try #require(known.writingKeys)
        let (late, _) = try AppStateVersion()
            .writing([mute("b@lid")], to: .regularHigh, keys: keys, previous: [:], using: &random)
        let conflict = try ask(sync(.regularHigh, 0, late), &harness, id)
        #expect(conflict.attributes.text("type") == "error")
        #expect(conflict.child("error")?.attributes.text("code") == "409")
        #expect(try patches(conflict).count == 1)

        let (patch, step) = try known[.regularHigh].version
            .writing([mute("b@lid")], to: .regularHigh, keys: keys, previous: [:], using: &random)
        _ = harness.take(second)
        let taken = try ask(sync(.regularHigh, 1, patch), &harness, id)
        #expect(taken.attributes.text("version") == "2" && taken.attributes["type"] == nil)
        #expect(harness.take(second).first?.child("collection")?.attributes.text("version") == "2")
        let after = try state(harness)[.regularHigh]
        #expect(after.version == step.version && after.failure == nil)
        #expect(Set(after.records.keys) == [["mute", "a@lid"], ["mute", "b@lid"]])
    }

    @Test func aPatchThatDoesNotFitIsNoticedByThePhone() throws {
        var (harness, id, _) = try loggedIn()
        try harness.perform { try $0.writeAppState([mute("a@lid")], to: .regular, by: Self.number) }
        let known = try state(harness)
        var random = SystemRandomNumberGenerator()
        var (patch, _) = try known[.regular].version
            .writing(
                [mute("b@lid")],
                to: .regular,
                keys: try #require(known.writingKeys),
                previous: [:],
                using: &random
            )
        patch.patchMac[0] ^= 1
        _ = try ask(sync(.regular, 1, patch), &harness, id)
        #expect(try state(harness)[.regular].failure == "badPatchMAC")
        #expect(
            try ask(sync(.regular, 2, WASyncdPatch()), &harness, id).child("error")?.attributes.text("code") == "400"
        )
    }

    @Test func manyPatchesComeInPagesAndFreshOnesAsASnapshot() throws {
        var (harness, id, _) = try loggedIn()
        for number in 0..<60 {
            try harness.perform { try $0.writeAppState([mute("\(number)@lid")], to: .regularHigh, by: Self.number) }
        }
        let page = try ask(sync(.regularHigh, 0), &harness, id)
        #expect(page.attributes.text("has_more_patches") == "true")
        #expect(try patches(page).map(\.version.version) == Array(1...50))
        #expect(try ask(sync(.regularHigh, 50), &harness, id).attributes["has_more_patches"] == nil)
        let fresh = try ask(sync(.regularHigh, 0, isFresh: true), &harness, id)
        let bytes = try #require(fresh.child("snapshot")?.bytes)
        let reference = try WAExternalBlobReference(serializedBytes: Array(bytes))
        let snapshot = try WASyncdSnapshot(serializedBytes: try open(reference, harness))
        let step = try AppStateVersion.reading(snapshot, of: .regularHigh, keys: try state(harness).keyring)
        #expect(step.version == (try state(harness)[.regularHigh].version))
        #expect(step.mutations.count == 60)
    }

    @Test func manyMutationsLieOutsideTheirPatch() throws {
        var (harness, id, _) = try loggedIn()
        let order = try ControlBody.decode(AppStateOrder.self, from: Array(#"{"action":"many","count":300}"#.utf8))
        let (collection, mutations) = try order.mutations(at: harness.state.now)
        try harness.perform { try $0.writeAppState(mutations, to: collection, by: Self.number) }
        let patch = try #require(try patches(ask(sync(.regularHigh, 0), &harness, id)).first)
        #expect(patch.mutations.isEmpty)
        let external = try WASyncdMutations(serializedBytes: try open(patch.externalMutations, harness))
        #expect(external.mutations.count == 300)
        let step = try AppStateVersion()
            .applying(
                patch,
                number: 1,
                mutations: external.mutations,
                to: .regularHigh,
                keys: try state(harness).keyring,
                previous: [:]
            )
        #expect(step.mutations == mutations)
    }

    private func open(_ reference: WAExternalBlobReference, _ harness: ServerHarness) throws -> [UInt8] {
        let file = try #require(harness.state.blobs[reference.directPath])
        let keys = try MediaKeys(mediaKey: [UInt8](reference.mediaKey), kind: .appState)
        return try MediaDecryptor.decrypt(
            file,
            keys: keys,
            expectation: MediaExpectation(
                hash: [UInt8](reference.fileSha256),
                encryptedHash: [UInt8](reference.fileEncSha256),
                length: reference.fileSizeBytes
            )
        )
    }

    @Test func oldPatchesMakeRoomForASnapshot() throws {
        var state = AccountAppState()
        var random = SystemRandomNumberGenerator()
        state.rotateKey(isWithheld: false, at: Date(timeIntervalSince1970: 0), using: &random)
        for number in 0...AccountAppState.patchLimit {
            let patch = try state.write([mute("\(number % 7)@lid")], to: .regular, using: &random)
            state.append(patch, to: .regular)
        }
        #expect(state[.regular].first == UInt64(AccountAppState.patchLimit / 2 + 1))
        #expect(state[.regular].number == UInt64(AccountAppState.patchLimit + 1))
        #expect(state[.regular].failure == nil && state[.regular].records.count == 7)
    }

    @Test func whatStandsInItSurvivesARestart() throws {
        var state = AccountAppState()
        var random = SystemRandomNumberGenerator()
        state.rotateKey(isWithheld: true, at: Date(timeIntervalSince1970: 0), using: &random)
        for number in 0..<10 {
            let patch = try state.write([mute("\(number)@lid")], to: .regularLow, using: &random)
            state.append(patch, to: .regularLow)
        }
        let kept = try #require(Snapshot.AppState(state))
        let read = try JSONDecoder().decode(Snapshot.AppState.self, from: JSONEncoder().encode(kept)).restored()
        #expect(read.keys == state.keys)
        #expect(read[.regularLow].version == state[.regularLow].version)
        #expect(read[.regularLow].records == state[.regularLow].records)
        #expect(read[.regularLow].number == 10 && read[.regularLow].first == 11)
        #expect(Snapshot.AppState(AccountAppState()) == nil)
    }

    @Test func anOrderThatLacksAValueIsNamed() throws {
        for (body, field) in [
            (#"{"action":"fly"}"#, "action"), (#"{"action":"mute"}"#, "chat"),
            (#"{"action":"mute","chat":"x y"}"#, "chat"),
            (#"{"action":"star","chat":"15550001111"}"#, "message"), (#"{"action":"push-name","name":""}"#, "name"),
            (#"{"action":"many","count":0}"#, "count"),
        ] {
            let order = try ControlBody.decode(AppStateOrder.self, from: Array(body.utf8))
            do {
                _ = try order.mutations(at: Date(timeIntervalSince1970: 0))
                Issue.record("Taken: \(body)")
            } catch {
                guard case .invalid(let named, _) = error else { throw error }
                #expect(named == field)
            }
        }
    }
}

import Foundation
import SignalProtocol
import SwiftProtobuf
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// `<iq xmlns="w:sync:app:state"><sync><collection name version return_snapshot>[<patch>]…`.
    mutating func appStateRequest(_ iq: BinaryNode, from address: DeviceAddress, on id: ConnectionID) {
        let collections = (iq.child("sync")?.children("collection") ?? []).prefix(16)
            .map { answer($0, from: address) }
        reply(to: iq, children: [BinaryNode("sync", children: collections)], on: id)
    }

    private mutating func answer(_ query: BinaryNode, from address: DeviceAddress) -> BinaryNode {
        guard let text = query.attributes.text("name"), let name = AppStateCollection(rawValue: text),
            let state = phones[address.number]?.appState
        else { return refusal(of: query, code: 404, "item-not-found") }
        let version: UInt64 = query.attributes.integer("version") ?? 0
        guard let bytes = query.child("patch")?.bytes else {
            let isFresh = query.attributes.text("return_snapshot") == "true"
            return fetch(name, after: version, isFresh: isFresh, address.number)
        }
        guard let patch = try? WASyncdPatch(serializedBytes: Array(bytes)), !patch.mutations.isEmpty else {
            return refusal(of: query, code: 400, "bad-request")
        }
        let isConflict = phones[address.number]?.appStateFaults.takeConflict() == true
        if isConflict { touchAppState(name, of: address.number) }
        guard !isConflict, let number = phones[address.number]?.appState.upload(patch, to: name, on: version) else {
            var conflict = fetch(name, after: min(version, state[name].number), isFresh: false, address.number)
            conflict.attributes["type"] = "error"
            conflict.content = .nodes(
                conflict.children + [BinaryNode("error", ["code": "409", "text": "conflict"])]
            )
            return conflict
        }
        add(.save)
        announceAppState(name, of: address.number, except: address.device)
        return BinaryNode("collection", ["name": .text(text), "version": .text(String(number))])
    }

    private func refusal(of query: BinaryNode, code: Int, _ text: String) -> BinaryNode {
        BinaryNode(
            "collection",
            ["name": query.attributes["name"], "type": "error"],
            children: [BinaryNode("error", ["code": .text(String(code)), "text": .text(text)])]
        )
    }

    /// The patches after a version; from a snapshot where they are no longer there or are many.
    private mutating func fetch(
        _ name: AppStateCollection,
        after version: UInt64,
        isFresh: Bool,
        _ number: String
    ) -> BinaryNode {
        guard let state = phones[number]?.appState else { return BinaryNode("collection") }
        let collection = state[name]
        var node = BinaryNode(
            "collection",
            ["name": .text(name.rawValue), "version": .text(String(collection.number))]
        )
        let isTooOld = version + 1 < collection.first
        let isLong = isFresh && collection.number > UInt64(Self.patchesBeforeSnapshot)
        if isTooOld || isLong, let snapshot = snapshot(of: name, number) {
            node.content = .nodes([BinaryNode("snapshot", bytes: snapshot)])
            return node
        }
        let start = isFresh ? 0 : Int(clamping: version >= collection.first ? version - collection.first + 1 : 0)
        let patches = collection.patches.dropFirst(start)
        guard !patches.isEmpty else { return node }
        let page = patches.prefix(AccountAppState.page)
        if page.count < patches.count { node.attributes["has_more_patches"] = "true" }
        node.content = .nodes([BinaryNode("patches", children: page.map { BinaryNode("patch", bytes: $0) })])
        return node
    }

    private static let patchesBeforeSnapshot = 20

    /// An encoded reference to the blob of a snapshot.
    private mutating func snapshot(of name: AppStateCollection, _ number: String) -> [UInt8]? {
        guard let state = phones[number]?.appState, let keys = state.writingKeys else { return nil }
        let collection = state[name]
        var snapshot = collection.version.snapshot(Array(collection.sealed.values), of: name, keys: keys)
        if phones[number]?.appStateFaults.takeWrongSnapshot() == true { snapshot.mac[0] ^= 1 }
        guard let bytes: [UInt8] = try? snapshot.serializedBytes(),
            let reference: [UInt8] = try? store(bytes)?.serializedBytes()
        else { return nil }
        return reference
    }

    /// Encrypts a blob and puts it where companions download it.
    private mutating func store(_ bytes: [UInt8]) -> WAExternalBlobReference? {
        let mediaKey = randomBytes(32, using: &random)
        guard let keys = try? MediaKeys(mediaKey: mediaKey, kind: .appState),
            let (file, digest) = try? MediaEncryptor.encrypt(bytes, keys: keys, withSidecar: false)
        else { return nil }
        var reference = WAExternalBlobReference()
        reference.mediaKey = Data(mediaKey)
        reference.directPath = storeBlob(file)
        reference.fileSizeBytes = digest.length
        reference.fileSha256 = Data(digest.hash)
        reference.fileEncSha256 = Data(digest.encryptedHash)
        return reference
    }

    // MARK: The phone

    /// More mutations than that lie outside their patch.
    private static let mutationsInline = 100

    /// The phone changes something; all companions are told.
    mutating func writeAppState(
        _ mutations: [AppStateMutation],
        to name: AppStateCollection,
        by number: String
    ) throws(SandboxError) {
        guard phones[number] != nil else { throw .unknownPhone }
        ensureAppStateKey(of: number)
        guard var patch = try? phones[number]?.appState.write(mutations, to: name, using: &random) else {
            throw .invalid(field: "action", reason: "This change cannot be written.")
        }
        if patch.mutations.count > Self.mutationsInline {
            var external = WASyncdMutations()
            external.mutations = patch.mutations
            if let bytes: [UInt8] = try? external.serializedBytes(), let reference = store(bytes) {
                patch.mutations = []
                patch.externalMutations = reference
            }
        }
        phones[number]?.appState.append(patch, to: name)
        add(.save)
        announceAppState(name, of: number, except: 0)
    }

    mutating func ensureAppStateKey(of number: String) {
        guard phones[number]?.appState.keys.isEmpty == true else { return }
        phones[number]?.appState.rotateKey(isWithheld: false, at: now, using: &random)
        add(.save)
    }

    /// The phone writes something that changes nothing, just before a companion.
    private mutating func touchAppState(_ name: AppStateCollection, of number: String) {
        var value = WASyncActionValue()
        value.timestamp = Int64(unixTime) * 1000
        value.timeFormatAction.isTwentyFourHourFormatEnabled = true
        let mutation = AppStateMutation(.set, index: ["time_format"], value: value, version: 7)
        try? writeAppState([mutation], to: name, by: number)
    }

    /// `<notification type="server_sync"><collection name version/></notification>` to the other companions.
    private mutating func announceAppState(_ name: AppStateCollection, of number: String, except device: UInt16) {
        guard let phone = phones[number] else { return }
        let version = phone.appState[name].number
        for other in phone.devices.keys.sorted() where other != device {
            let id = newStanzaID()
            let node = BinaryNode(
                "notification",
                ["from": .jid(.server), "type": "server_sync", "id": .text(id), "t": .text(String(unixTime))],
                children: [
                    BinaryNode("collection", ["name": .text(name.rawValue), "version": .text(String(version))])
                ]
            )
            deliver(node, id: id, to: DeviceAddress(number: number, device: other))
        }
    }
}

/// What is to go wrong with an account's app state.
struct AppStateFaults: Sendable, Equatable {
    /// As many uploads meet a patch of the phone's that came just before.
    var conflicts = 0
    /// As many snapshots have a wrong MAC.
    var wrongSnapshots = 0

    mutating func takeConflict() -> Bool {
        guard conflicts > 0 else { return false }
        conflicts -= 1
        return true
    }

    mutating func takeWrongSnapshot() -> Bool {
        guard wrongSnapshots > 0 else { return false }
        wrongSnapshots -= 1
        return true
    }
}

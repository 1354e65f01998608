import Compression
import Foundation
import SwiftProtobuf
import WhatsApp
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

/// Patches and snapshots of an invented account, to be broken.
struct AppStateCorpus {
    private let keys: AppStateKeys
    private let patches: [[UInt8]]
    private let snapshots: [[UInt8]]
    private let actions: [[UInt8]]

    init() throws {
        var random = SplitMix(seed: 11)
        let id = AppStateKeyID(device: 0, epoch: 3)
        guard let keys = AppStateKeys(id: id, key: [UInt8](repeating: 5, count: 32)) else {
            throw AppStateError.malformed("key")
        }
        self.keys = keys
        let chat = JID(user: "15551234567", server: .user)
        let now = Date(timeIntervalSince1970: 1_766_000_000)
        let message = AppStateMessage(chat: chat, id: "3EB0", isFromMe: true)
        let actions: [AppStateAction] = [
            .mute(chat: chat, until: .distantFuture), .pin(chat: chat, true),
            .archive(chat: chat, true, AppStateMessageRange(lastMessageAt: now)), .star(message, true),
            .contact(AppStateContact(jid: chat, fullName: "Ada", lid: JID(user: "1", server: .lid))),
            .pushName("Ada"), .label(AppStateLabel(id: "1", name: "New")), .contactTokenSalt([1, 2]),
            .phone(chat, ofLID: JID(user: "1", server: .lid)), .removeContact(chat),
        ]
        let mutations = actions.flatMap { $0.mutations(at: now) }
        var patches: [[UInt8]] = []
        var snapshots: [[UInt8]] = []
        for start in 0..<mutations.count {
            let part = Array(mutations[start..<min(start + 3, mutations.count)])
            let (patch, step) = try AppStateVersion()
                .writing(part, to: .regular, keys: keys, previous: [:], using: &random)
            patches.append(try patch.serializedBytes())
            let snapshot = step.version.snapshot(patch.mutations.map(\.record), of: .regular, keys: keys)
            snapshots.append(try snapshot.serializedBytes())
        }
        self.patches = patches
        self.snapshots = snapshots
        self.actions = try mutations.map { mutation in
            var action = WASyncActionData()
            action.index = Data(AppStateIndex.encode(mutation.index))
            action.value = mutation.value
            action.version = mutation.version
            return try action.serializedBytes()
        }
    }

    /// Patches: what applies has a hash of its own records.
    func appStatePatches() -> FuzzTarget {
        let mutation = Mutation(corpus: patches)
        let keyring: AppStateKeyring = [keys.id: keys]
        return FuzzTarget(name: "app-state patch", share: 5) { random in
            guard let patch = try? WASyncdPatch(serializedBytes: mutation.input(&random)) else { return .refused }
            let checks = random.pick([AppStateChecks.all, .recordsOnly])
            guard
                let step = try? AppStateVersion()
                    .applying(
                        patch,
                        number: 1,
                        mutations: patch.mutations,
                        to: .regular,
                        keys: keyring,
                        previous: [:],
                        checks: checks
                    )
            else { return .refused }
            return step.version.hash == hash(of: step) ? .accepted : .unsound("has another hash than its records")
        }
    }

    func appStateSnapshots() -> FuzzTarget {
        let mutation = Mutation(corpus: snapshots)
        let keyring: AppStateKeyring = [keys.id: keys]
        return FuzzTarget(name: "app-state snapshot", share: 3) { random in
            guard let snapshot = try? WASyncdSnapshot(serializedBytes: mutation.input(&random)),
                let step = try? AppStateVersion.reading(snapshot, of: .regular, keys: keyring)
            else { return .refused }
            return step.version.hash == hash(of: step) ? .accepted : .unsound("has another hash than its records")
        }
    }

    private func hash(of step: AppStateStep) -> LTHash {
        var hash = LTHash()
        for mac in step.valueMACs.values.compactMap({ $0 }) { hash.add(mac) }
        return hash
    }

    /// What is inside a record whose MACs are right: another device of the account may write anything.
    func appStateActions() -> FuzzTarget {
        let mutation = Mutation(
            corpus: actions,
            pieces: ["[", "]", "\"", "\\u", "\\ud800", "@lid", "@g.us", ",", "mute", "star"].map { Array($0.utf8) }
        )
        return FuzzTarget(name: "app-state action", share: 5) { random in
            guard let action = try? WASyncActionData(serializedBytes: mutation.input(&random)),
                let index = AppStateIndex.decode([UInt8](action.index))
            else { return .refused }
            let read = AppStateMutation(.set, index: index, value: action.value, version: action.version)
            guard let known = AppStateAction(read) else { return .refused }
            let written = known.mutations(at: Date(timeIntervalSince1970: 1_766_000_000))
            return written.allSatisfy { !$0.index.isEmpty } ? .accepted : .unsound("was read, cannot be written")
        }
    }
}

/// Histories, to be broken before and after they are packed.
struct HistoryCorpus {
    private let histories: [[UInt8]]
    private let packed: [[UInt8]]

    init() throws {
        var histories: [[UInt8]] = []
        for size in [0, 1, 4] {
            var sync = WAHistorySync()
            sync.syncType = .recent
            sync.progress = 50
            sync.nctSalt = Data([1, 2])
            for number in 0..<size {
                var conversation = WAConversation()
                conversation.id = number % 2 == 0 ? "1555000\(number)@s.whatsapp.net" : "12036\(number)@g.us"
                conversation.lidJid = "1\(number)@lid"
                conversation.muteEndTime = 1_800_000_000
                conversation.tcToken = Data([1, 2, 3])
                for position in 0..<size {
                    var entry = WAHistorySyncMsg()
                    entry.message.key.id = "A\(position)"
                    entry.message.key.fromMe = position % 2 == 0
                    entry.message.messageTimestamp = 1_766_000_000
                    entry.message.message.extendedTextMessage.text = "hello"
                    entry.message.messageSecret = Data(repeating: 3, count: 32)
                    conversation.messages.append(entry)
                }
                sync.conversations.append(conversation)
                var name = WAPushname()
                name.id = conversation.id
                name.pushname = "Ada"
                sync.pushnames.append(name)
                var mapping = WAPhoneNumberToLIDMapping()
                mapping.lidJid = "1@lid"
                mapping.pnJid = "2@s.whatsapp.net"
                sync.phoneNumberToLidMappings.append(mapping)
            }
            histories.append(try sync.serializedBytes())
        }
        self.histories = histories
        packed = try histories.map { try Compression.deflate($0, format: .zlib) }
    }

    /// A history comes out the same however its bytes are cut.
    func history() -> FuzzTarget {
        let mutation = Mutation(corpus: histories)
        return FuzzTarget(name: "history", share: 6) { random in
            let bytes = mutation.input(&random)
            let whole = scan(bytes, step: bytes.count + 1)
            let cut = scan(bytes, step: random.number(1...40))
            guard whole.items == cut.items, whole.isRefused == cut.isRefused else {
                return .unsound("depends on how it is cut")
            }
            let own = JID(user: "15551234567", server: .user)
            let translator = HistoryTranslator(own: own, ownLID: nil, takesChatSettings: true)
            var piece = HistoryPiece()
            for item in whole.items { translator.take(item, into: &piece) }
            let isOdd = piece.messages.contains { $0.id.isEmpty || $0.chat.isEmpty || !$0.isHistory }
            guard !isOdd else { return .unsound("has a message without a name") }
            return whole.isRefused ? .refused : .accepted
        }
    }

    private func scan(_ bytes: [UInt8], step: Int) -> (items: [HistoryScanner.Item], isRefused: Bool) {
        var scanner = HistoryScanner()
        var items: [HistoryScanner.Item] = []
        do {
            for start in stride(from: 0, to: bytes.count, by: step) {
                scanner.feed(bytes[start..<min(start + step, bytes.count)])
                while let item = try scanner.next() { items.append(item) }
            }
            try scanner.finish()
            return (items, false)
        } catch {
            return (items, true)
        }
    }

    /// The stream and the whole say the same of packed bytes.
    func inflation() -> FuzzTarget {
        let mutation = Mutation(corpus: packed)
        return FuzzTarget(name: "inflate stream", share: 3) { random in
            let bytes = mutation.input(&random)
            let whole = try? Compression.inflate(bytes, format: .zlib, limit: 1 << 20)
            let stream = inflate(bytes, step: random.number(1...50), limit: 1 << 20)
            guard whole == stream else { return .unsound("is another content as a stream") }
            return whole == nil ? .refused : .accepted
        }
    }

    private func inflate(_ bytes: [UInt8], step: Int, limit: Int) -> [UInt8]? {
        do {
            let stream = try InflateStream(format: .zlib, limit: limit)
            var content: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: step) {
                stream.feed(Array(bytes[start..<min(start + step, bytes.count)]))
                while let piece = try stream.next() { content.append(contentsOf: piece) }
            }
            try stream.finish()
            return content
        } catch {
            return nil
        }
    }
}

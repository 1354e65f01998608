internal import Foundation
internal import NIOPosix
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    /// What became of a collection in one answer of the service.
    private enum Outcome {
        case done
        case more
        /// Once more from the beginning.
        case startOver
        /// Nothing more for now; it stays wanted.
        case later
    }

    /// More answers than any account fills.
    private static let roundLimit = 2000

    /// Of a snapshot or of the mutations that lie outside their patch.
    static let appStateBlobLimit = 64 << 20

    /// Brings collections up to date; to be called with the lock held.
    func fetchAppState(_ wanted: [AppStateCollection]) async {
        var pending = wanted
        var fresh: Set<AppStateCollection> = []
        for _ in 0..<Self.roundLimit where !pending.isEmpty {
            do {
                let known = try await knownCollections(pending).filter { !fresh.contains($0.key) }
                let query = AppStateExchange.fetch(pending.map { ($0, known[$0]?.version.number) })
                let parts = try AppStateExchange.parts(of: await request(query))
                var next: [AppStateCollection] = []
                for part in parts where pending.contains(part.collection) {
                    switch await take(part, known: known[part.collection]) {
                    case .done: fresh.remove(part.collection)
                    case .more:
                        fresh.remove(part.collection)
                        next.append(part.collection)
                    case .startOver:
                        fresh.insert(part.collection)
                        next.append(part.collection)
                    case .later: appState.postpone([part.collection])
                    }
                }
                pending = next
            } catch {
                // Not connected any more, or the service is busy: the next login or notification tries again.
                appState.postpone(pending)
                return
            }
        }
    }

    /// Applies what the service says of one collection and decides what its failures call for.
    private func take(_ part: AppStateExchange.Part, known: KnownCollection?) async -> Outcome {
        do {
            if let failure = part.failure, failure.code != 409 {
                guard [400, 404, 405, 406].contains(failure.code) else {
                    note(.warning, "The service does not hand out a part of the app state now (\(failure.code)).")
                    return .later
                }
                throw AppStateError.malformed("refused")
            }
            try await apply(part, known: known)
            appState.succeeded(part.collection)
            return part.hasMorePatches ? .more : .done
        } catch let error as AppStateError {
            return await remedy(error, part.collection)
        } catch is RequestError {
            return .later
        } catch is StoreError {
            return .later
        } catch {
            note(.warning, "A part of the app state could not be downloaded.")
            return .later
        }
    }

    private func remedy(_ error: AppStateError, _ collection: AppStateCollection) async -> Outcome {
        switch appState.failed(collection, error) {
        case .waitForKeys(let keys):
            await requestAppStateKeys(keys)
            return .later
        case .startOver:
            note(.warning, "The app state \(collection.rawValue) does not fit together; it is fetched anew.")
            return .startOver
        case .startOverUnchecked:
            note(.warning, "The app state \(collection.rawValue) is fetched without the check of the whole.")
            if appState.askForRecovery(collection, at: now) { await requestRecovery(of: collection) }
            return .startOver
        case .giveUp:
            note(.error, "The app state \(collection.rawValue) cannot be read.")
            return .done
        }
    }

    /// Applies a snapshot and patches, each durable before the next.
    func apply(_ part: AppStateExchange.Part, known: KnownCollection?) async throws {
        let isFresh = known == nil
        var known = known ?? KnownCollection(checks: appState.startsUnchecked(part.collection) ? .recordsOnly : .all)
        var isReplaced = isFresh
        if let reference = part.snapshot {
            let blob = try await downloadBlob(reference)
            guard let snapshot = try? WASyncdSnapshot(serializedBytes: blob) else {
                throw AppStateError.malformed("snapshot")
            }
            let ids = Set(snapshot.records.map(\.keyID.id) + [snapshot.keyID.id]).compactMap { AppStateKeyID($0) }
            let keys = try await appStateKeys(Set(ids))
            let (collection, checks) = (part.collection, known.checks)
            // Thousands of records take their time: not on the event loop.
            let step = try await environment.computePool.runIfActive {
                try AppStateVersion.reading(snapshot, of: collection, keys: keys, checks: checks)
            }
            try await keep(step, of: part.collection, checks: checks, replacesAll: true, isInitial: true)
            known.version = step.version
            isReplaced = false
        }
        for patch in part.patches {
            let number = patch.hasVersion ? patch.version.version : known.version.number &+ 1
            // What was fetched twice is there already.
            if !isFresh, patch.hasVersion, number <= known.version.number { continue }
            let step = try await step(patch, number: number, part.collection, known)
            try await keep(
                step,
                of: part.collection,
                checks: known.checks,
                replacesAll: isReplaced,
                isInitial: isFresh
            )
            known.version = step.version
            isReplaced = false
        }
        if isReplaced {
            // Nothing is in it yet.
            let step = AppStateStep(version: known.version)
            try await keep(step, of: part.collection, checks: known.checks, replacesAll: true, isInitial: true)
        }
    }

    private func step(
        _ patch: WASyncdPatch,
        number: UInt64,
        _ collection: AppStateCollection,
        _ known: KnownCollection
    ) async throws -> AppStateStep {
        var mutations = patch.mutations
        if patch.hasExternalMutations {
            let blob = try await downloadBlob(patch.externalMutations)
            guard let external = try? WASyncdMutations(serializedBytes: blob) else {
                throw AppStateError.malformed("mutations")
            }
            mutations += external.mutations
        }
        let all = mutations
        let indexMACs = try AppStateVersion.indexMACs(of: all)
        let ids = Set(all.map(\.record.keyID.id) + [patch.keyID.id]).compactMap { AppStateKeyID($0) }
        let keys = try await appStateKeys(Set(ids))
        let previous = try await valueMACs(indexMACs, of: collection)
        let apply: @Sendable () throws(AppStateError) -> AppStateStep = { () throws(AppStateError) in
            try known.version.applying(
                patch,
                number: number,
                mutations: all,
                to: collection,
                keys: keys,
                previous: previous,
                checks: known.checks
            )
        }
        // A handful is done at once; many take their time, and not the event loop's.
        return all.count <= 16 ? try apply() : try await environment.computePool.runIfActive(apply)
    }

    /// Makes a step durable together with what it says of contacts and chats, then tells.
    func keep(
        _ step: AppStateStep,
        of collection: AppStateCollection,
        checks: AppStateChecks,
        replacesAll: Bool,
        isInitial: Bool
    ) async throws {
        var batch = StoreBatch()
        if replacesAll {
            batch.deletedPrefixes.append(RecordKey(.appStateMAC, collection.macPrefix))
            if collection == .regular {
                batch.deletedPrefixes += [RecordKey(.label, ""), RecordKey(.labelled, "")]
            }
        }
        for (indexMAC, valueMAC) in step.valueMACs {
            let key = collection.macKey(indexMAC)
            batch.records[key] = valueMAC.map { .put($0, expires: nil) } ?? .delete
        }
        let known = KnownCollection(version: step.version, checks: checks)
        batch.put(.appStateVersion, collection.rawValue, known.serialized)
        let mutations = AppStateChange.counting(step.mutations)
        let changes = mutations.map { AppStateChange($0, in: collection, isInitial: isInitial) }
        for action in changes.lazy.compactMap(\.action) {
            take(action)
            if !isInitial, let reach = action.reach, try await isOvertaken(reach) { continue }
            batch.take(action, own: credentials.account?.jid)
        }
        for change in changes { try await removeMessages(change, in: &batch) }
        stage(batch)
        for start in stride(from: 0, to: changes.count, by: Self.changesPerEvent) {
            let range = start..<min(start + Self.changesPerEvent, changes.count)
            // What a new device is given as a whole is in the store, and too much to be kept twice.
            let record = EventRecord.appState(
                .init(collection: collection, isInitial: isInitial, mutations: Array(mutations[range]))
            )
            tell([.appState(Array(changes[range]))], isInitial ? nil : record)
        }
        guard await durable() else { throw RequestError.store(.unavailable) }
    }

    /// Whether the chat has messages that are newer than what an action was about.
    private func isOvertaken(_ reach: (chat: JID, until: Date)) async throws -> Bool {
        let names = await names(of: reach.chat).map(\.description)
        guard let newest = try await store.newestMessage(in: names) else { return false }
        // Actions know seconds.
        return newest.timeIntervalSince1970.rounded(.down) > reach.until.timeIntervalSince1970.rounded(.down)
    }

    private static let changesPerEvent = 100

    /// What an action means to the session itself.
    private func take(_ action: AppStateAction) {
        switch action {
        case .pushName(let name):
            guard !name.isEmpty, name.utf8.count <= 1024, credentials.account?.pushName != name else { return }
            credentials.account?.pushName = name
            keepCredentials()
            announcePushName()
        case .contact(let contact):
            if let lid = contact.lid { learn(lid: lid, phone: contact.jid) }
        case .phone(let phone, let lid): learn(lid: lid, phone: phone)
        default: break
        }
    }
}

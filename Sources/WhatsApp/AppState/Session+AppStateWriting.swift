internal import Foundation
internal import SwiftProtobuf
internal import WhatsAppCrypto
internal import WhatsAppProtobufs
internal import WhatsAppWire

extension Session {
    private static let uploadTries = 5

    /// Makes changes on all devices of the account; they are durable here too when this returns.
    ///
    /// `invalid` before the phone has shared its keys; `refused` with 409 when other devices were always faster.
    package func changeAppState(_ actions: [AppStateAction]) async throws(RequestError) {
        guard actions.count <= 500 else { throw .invalid(field: "actions", reason: .count(0...500)) }
        var mutations: [AppStateCollection: [AppStateMutation]] = [:]
        for action in actions { mutations[action.collection, default: []] += action.mutations(at: now) }
        await lockAppState()
        defer { appState.unlock() }
        for collection in AppStateCollection.allCases {
            guard let own = mutations[collection] else { continue }
            try await upload(own, to: collection)
        }
    }

    private func upload(_ mutations: [AppStateMutation], to collection: AppStateCollection) async throws(RequestError) {
        for _ in 0..<Self.uploadTries {
            let known = try await collectionForWriting(collection)
            let (patch, step) = try await write(mutations, to: collection, known)
            let query = try AppStateExchange.upload(patch, to: collection, version: known.version.number)
            let answer = try await request(query)
            guard let part = try AppStateExchange.parts(of: answer).first(where: { $0.collection == collection }) else {
                throw .malformed("collection")
            }
            guard let failure = part.failure else {
                do {
                    try await keep(step, of: collection, checks: known.checks, replacesAll: false, isInitial: false)
                } catch {
                    throw .store(.unavailable)
                }
                return
            }
            guard failure.code == 409 else {
                throw .refused(code: failure.code, text: failure.text, backOff: nil)
            }
            // Another device was faster: its patches first, then the own ones on top of them.
            do {
                guard !part.patches.isEmpty else { throw AppStateError.malformed("patches") }
                try await apply(part, known: known)
            } catch {
                await fetchAppState([collection])
            }
        }
        throw .refused(code: 409, text: "conflict", backOff: nil)
    }

    /// The collection, fetched first where this device has never had it.
    private func collectionForWriting(_ collection: AppStateCollection) async throws(RequestError) -> KnownCollection {
        do {
            if let known = try await knownCollections([collection])[collection] { return known }
            await fetchAppState([collection])
            if let known = try await knownCollections([collection])[collection] { return known }
        } catch {
            throw .store(error)
        }
        throw .invalid(field: "app_state", reason: .notShared)
    }

    private func write(
        _ mutations: [AppStateMutation],
        to collection: AppStateCollection,
        _ known: KnownCollection
    ) async throws(RequestError) -> (WASyncdPatch, AppStateStep) {
        do {
            guard let keys = try await writingKeys() else {
                throw RequestError.invalid(field: "app_state", reason: .notShared)
            }
            let previous = try await valueMACs(
                AppStateVersion.indexMACs(of: mutations, keys: keys),
                of: collection
            )
            return try known.version.writing(
                mutations,
                to: collection,
                keys: keys,
                previous: previous,
                device: credentials.account.map { UInt32($0.jid.device) },
                using: &random
            )
        } catch let error as RequestError {
            throw error
        } catch let error as StoreError {
            throw .store(error)
        } catch {
            throw .invalid(field: "actions", reason: "These changes cannot be written.")
        }
    }

    /// The key of the newest epoch.
    private func writingKeys() async throws(StoreError) -> AppStateKeys? {
        var best: AppStateKeys?
        for (name, record) in try await store.list(.appStateKey, prefix: "", after: nil, limit: 1000) {
            guard let id = AppStateKeyID(recordName: name), best.map({ id.isPreferred(over: $0.id) }) ?? true,
                let keys = AppStateKeys(id: id, record: record)
            else { continue }
            best = keys
        }
        return best
    }
}

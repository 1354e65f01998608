internal import Foundation
internal import NIOCore
internal import SignalProtocol

extension Session {
    /// Which pre-keys have been made and not been taken by the service, as `first|count`.
    private static let waitingPreKeysSetting = "pre_keys_waiting"

    /// Gives the connection's engine what an earlier one has made and the service has not taken.
    func offerPreKeys() {
        let number = connection.number
        // The store is asked, which the stanzas that follow must not wait for.
        Task {
            let keys = (try? await waitingPreKeys()) ?? []
            guard connection.number == number else { return }
            connection.handler?.value.perform { $0.storedPreKeys(keys, now: Date()) }
        }
    }

    private func waitingPreKeys() async throws -> [PreKey] {
        // Every batch that was made and not taken lies between the two.
        guard credentials.firstUnuploadedPreKeyID != credentials.nextPreKeyID,
            let mark = try await read(.setting, Self.waitingPreKeysSetting)
        else { return [] }
        let numbers = String(decoding: mark, as: UTF8.self).split(separator: "|").compactMap { UInt32($0) }
        guard numbers.count == 2, (1...LoginEngine.lastPreKeyID).contains(numbers[0]),
            let count = Int(exactly: numbers[1]), count <= LoginEngine.batchSize
        else { return [] }
        let ids = (0..<count).map { LoginEngine.preKeyID(after: $0, from: numbers[0]) }
        let stored = try await store.load(ids.map { RecordKey(.preKey, String($0)) })
        return ids.compactMap { id in
            stored[RecordKey(.preKey, String(id))]
                .flatMap { try? Curve25519KeyPair(privateKey: $0) }
                .map { PreKey(id: id, keyPair: $0) }
        }
    }

    /// Keeps a new batch; once it is durable the engine hands it in.
    func storePreKeys(_ keys: [PreKey], _ credentials: Credentials) {
        keep(credentials)
        for key in keys {
            outbox.staged.put(.preKey, String(key.id), key.keyPair.privateKey.reveal())
        }
        if let first = keys.first {
            outbox.staged.put(.setting, Self.waitingPreKeysSetting, Array("\(first.id)|\(keys.count)".utf8))
        }
        let number = connection.number
        afterCommit { session in
            guard session.connection.number == number else { return }
            session.connection.handler?.value.perform { $0.preKeysStored(now: Date()) }
        }
        flush()
    }

    /// The service has them and gives them out.
    func preKeysTaken(_ credentials: Credentials) {
        outbox.staged.delete(.setting, Self.waitingPreKeysSetting)
        keep(credentials)
    }
}

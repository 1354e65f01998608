import Foundation
package import WhatsAppCrypto

extension SandboxServer {
    /// Somebody changes at a phone what all devices of the account share; JSON as the control API takes it.
    package func changeAppState(_ order: String, at number: String) async throws {
        let order = try ControlBody.decode(AppStateOrder.self, from: Array(order.utf8))
        try await onLoop { engine in try engine.perform { try $0.perform(order, at: number) } }
    }

    /// What stands in a collection of a phone: the indexes of its records, and why it could not read the last patch.
    package func appState(
        of number: String,
        in name: AppStateCollection
    ) async throws -> (number: UInt64, indexes: Set<[String]>, failure: String?) {
        try await onLoop { engine in
            guard let collection = engine.view.phones[number]?.appState[name] else { throw SandboxError.unknownPhone }
            return (collection.number, Set(collection.records.keys), collection.failure)
        }
    }

    /// Lets uploads meet a patch of the phone's, and snapshots have wrong MACs, that many times.
    package func breakAppState(conflicts: Int = 0, wrongSnapshots: Int = 0, of number: String) async throws {
        try await onLoop { engine in
            engine.perform {
                $0.phones[number]?.appStateFaults = AppStateFaults(conflicts: conflicts, wrongSnapshots: wrongSnapshots)
            }
        }
    }

    /// A history that the phone makes up for companions that it links from now on.
    package func generateHistory(chats: Int, messages: Int, textLength: Int = 40, at number: String) async throws {
        let history = GeneratedHistory(chats: chats, messages: messages, textLength: textLength)
        try await onLoop { engine in try engine.perform { try $0.generate(history, at: number) } }
    }
}

extension ServerState {
    mutating func generate(_ history: GeneratedHistory, at number: String) throws(SandboxError) {
        try history.check()
        guard phones[number] != nil else { throw .unknownPhone }
        phones[number]?.generatedHistory = history
        add(.save)
    }
}

internal import Foundation

extension Session {
    /// Reads events once more that were told when a listener had no room for them.
    ///
    /// What has not been kept, because it is too long, is left out. Nil when the session has ended: its next run tells
    /// everything that was not heard.
    package func reread(_ numbers: [EventNumber]) async throws(StoreError) -> [EventNumber: SessionEvent]? {
        guard !connection.isOver, !outbox.hasFailed else { return nil }
        let wanted = Set(numbers.map(\.rawValue))
        // What was told is durable, and what has not been heard is not written over.
        let rows = try await store.untoldEvents()
        var found: [EventNumber: SessionEvent] = [:]
        for row in rows {
            guard let entries = try? EventJournal.decode(row.value).entries else { continue }
            for entry in entries {
                let asked = (0..<entry.count).filter { wanted.contains(entry.number + $0) }
                guard !asked.isEmpty else { continue }
                let events = try await events(of: entry.record)
                for offset in asked where events.indices.contains(Int(offset)) {
                    found[EventNumber(rawValue: entry.number + offset)] = events[Int(offset)]
                }
            }
        }
        return connection.isOver ? nil : found
    }
}

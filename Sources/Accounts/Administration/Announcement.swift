package import Database
package import Foundation
internal import Synchronization

/// Names one announcement.
package struct AnnouncementID: Hashable, Sendable, CustomStringConvertible {
    package let uuid: UUID

    package init() {
        uuid = UUID()
    }

    package init?(_ text: String) {
        guard text.utf8.count == 36, let uuid = UUID(uuidString: text) else { return nil }
        self.uuid = uuid
    }

    package var description: String { uuid.uuidString.lowercased() }
}

extension AnnouncementID: SQLEncodable, SQLDecodable {
    package static var sqlType: SQLType { UUID.sqlType }
    package var sqlValue: SQLValue { uuid.sqlValue }

    package static func decode(_ cell: SQLCell) throws(SQLCellError) -> AnnouncementID {
        AnnouncementID(uuid: try UUID.decode(cell))
    }

    private init(uuid: UUID) {
        self.uuid = uuid
    }
}

/// One sentence above everybody's pages, for a while.
package struct Announcement: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case info
        case warning
    }

    package let id: AnnouncementID
    package let kind: Kind
    package let message: String
    package let startsAt: Date
    package let endsAt: Date?

    package func isShown(at now: Date) -> Bool {
        startsAt <= now && endsAt.map { now < $0 } ?? true
    }
}

/// Announcements, asked for again after a few seconds: every page shows them.
final class AnnouncementBoard: Sendable {
    private struct Cached {
        let announcements: [Announcement]
        let at: ContinuousClock.Instant
    }

    private let database: Database
    private let cached = Mutex<Cached?>(nil)
    private static let freshness: Duration = .seconds(5)

    init(database: Database) {
        self.database = database
    }

    func shown(at now: Date) async throws -> [Announcement] {
        if let cached = cached.withLock({ $0 }), cached.at.duration(to: .now) < Self.freshness {
            return cached.announcements.filter { $0.isShown(at: now) }
        }
        let all = try await all()
        cached.withLock { $0 = Cached(announcements: all, at: .now) }
        return all.filter { $0.isShown(at: now) }
    }

    func all() async throws -> [Announcement] {
        try await database.query(
            "SELECT id, kind, message, starts_at, ends_at FROM announcements ORDER BY starts_at DESC, id LIMIT 100"
        ).map { row in
            Announcement(
                id: try row.decode("id"),
                kind: Announcement.Kind(rawValue: try row.decode("kind")) ?? .info,
                message: try row.decode("message"),
                startsAt: try row.decode("starts_at"),
                endsAt: try row.decodeIfPresent("ends_at")
            )
        }
    }

    func insert(_ announcement: Announcement, on runner: any StatementRunner) async throws {
        try await runner.execute(
            """
            INSERT INTO announcements (id, kind, message, starts_at, ends_at)
            VALUES (\(announcement.id), \(announcement.kind.rawValue), \(announcement.message), \(announcement.startsAt),
                \(announcement.endsAt))
            """
        )
    }

    func delete(_ id: AnnouncementID, on runner: any StatementRunner) async throws -> String? {
        try await runner.queryOne("DELETE FROM announcements WHERE id = \(id) RETURNING message")?.decode("message")
    }

    func forget() {
        cached.withLock { $0 = nil }
    }
}

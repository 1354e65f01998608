internal import Database
internal import Foundation
internal import Synchronization

/// The settings in the database, asked for again after a few seconds, so that all processes agree soon.
final class PanelSettingsStore: Sendable {
    private struct Cached {
        let settings: PanelSettings
        let at: ContinuousClock.Instant
    }

    let standard: PanelSettings
    /// What the configuration says, which no administrator changes here.
    let fixed: Set<PanelSettings.Key>
    private let database: Database
    private let cached = Mutex<Cached?>(nil)
    private static let freshness: Duration = .seconds(5)

    init(database: Database, configuration: AccountsConfiguration) {
        self.database = database
        fixed = configuration.fixedSettings
        var standard = configuration.settings
        standard.loginsPerMinute = configuration.logins.count
        self.standard = standard
    }

    func current() async throws -> PanelSettings {
        if let cached = cached.withLock({ $0 }), cached.at.duration(to: .now) < Self.freshness {
            return cached.settings
        }
        let settings = try await read(on: database)
        cached.withLock { $0 = Cached(settings: settings, at: .now) }
        return settings
    }

    /// Those that were read last where the database does not answer, which is asked again a few seconds later.
    func currentOrLast() async -> PanelSettings {
        if let settings = try? await current() { return settings }
        return cached.withLock { cached in
            let settings = cached?.settings ?? standard
            cached = Cached(settings: settings, at: .now)
            return settings
        }
    }

    func isRegistrationOpen(on runner: any StatementRunner) async throws -> Bool {
        try await read(on: runner).isRegistrationOpen
    }

    func read(on runner: any StatementRunner) async throws -> PanelSettings {
        var settings = standard
        for row in try await runner.query("SELECT key, value FROM panel_settings") {
            // A value that an older or newer server wrote may not fit; the standard holds then.
            guard let key = PanelSettings.Key(rawValue: try row.decode("key")), !fixed.contains(key) else { continue }
            try? settings.set(key, to: row.decode("value"))
        }
        return settings
    }

    func write(_ key: PanelSettings.Key, _ value: String, at now: Date, on runner: any StatementRunner) async throws {
        try await runner.execute(
            """
            INSERT INTO panel_settings (key, value, updated_at) VALUES (\(key.rawValue), \(value), \(now))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
            """
        )
    }

    /// Back to the standard.
    func remove(_ key: PanelSettings.Key, on runner: any StatementRunner) async throws {
        try await runner.execute("DELETE FROM panel_settings WHERE key = \(key.rawValue)")
    }

    func forget() {
        cached.withLock { $0 = nil }
    }
}

internal import Database
internal import Foundation
internal import Synchronization

/// What an administrator may change while the server runs.
package struct PanelSettings: Sendable, Equatable {
    package enum Key: String, Sendable, CaseIterable {
        case registration
        case verification
    }

    package var isRegistrationOpen: Bool
    package var needsVerifiedEmail: Bool
}

/// The settings in the database, asked for again after a few seconds, so that several processes agree soon.
final class PanelSettingsStore: Sendable {
    private struct Cached {
        let settings: PanelSettings
        let at: ContinuousClock.Instant
    }

    private let database: Database
    private let standard: PanelSettings
    private let cached = Mutex<Cached?>(nil)
    private static let freshness: Duration = .seconds(5)

    init(database: Database, configuration: AccountsConfiguration) {
        self.database = database
        standard = PanelSettings(
            isRegistrationOpen: configuration.isRegistrationOpen,
            needsVerifiedEmail: configuration.needsVerifiedEmail
        )
    }

    func current() async throws -> PanelSettings {
        if let cached = cached.withLock({ $0 }), cached.at.duration(to: .now) < Self.freshness {
            return cached.settings
        }
        let settings = try await read(on: database)
        cached.withLock { $0 = Cached(settings: settings, at: .now) }
        return settings
    }

    func isRegistrationOpen(on runner: any StatementRunner) async throws -> Bool {
        try await read(on: runner).isRegistrationOpen
    }

    func read(on runner: any StatementRunner) async throws -> PanelSettings {
        var settings = standard
        for row in try await runner.query("SELECT key, value FROM panel_settings") {
            let isOn = try row.decode("value", as: String.self) == "true"
            switch PanelSettings.Key(rawValue: try row.decode("key")) {
            case .registration: settings.isRegistrationOpen = isOn
            case .verification: settings.needsVerifiedEmail = isOn
            case nil: break
            }
        }
        return settings
    }

    func write(_ key: PanelSettings.Key, _ isOn: Bool, at now: Date, on runner: any StatementRunner) async throws {
        try await runner.execute(
            """
            INSERT INTO panel_settings (key, value, updated_at) VALUES (\(key.rawValue), \(isOn ? "true" : "false"), \(now))
            ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at
            """
        )
    }

    func forget() {
        cached.withLock { $0 = nil }
    }
}

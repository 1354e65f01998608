internal import Database
internal import Foundation

/// What an administrator changes while the server runs; all processes follow within seconds.
extension AccountsService {
    package func panelSettings() async throws -> PanelSettings {
        try await settings.current()
    }

    /// The settings for what has to go on while the database is away.
    package func panelSettingsOrLast() async -> PanelSettings {
        await settings.currentOrLast()
    }

    /// What holds where no administrator has set anything.
    package var standardSettings: PanelSettings { settings.standard }

    /// Those that the configuration gives, which nobody changes while the server runs.
    package var fixedSettings: Set<PanelSettings.Key> { settings.fixed }

    /// Changes all of the values or none; nil takes a setting back to its standard.
    package func change(_ values: [PanelSettings.Key: String?], by viewer: Viewer) async throws {
        guard viewer.may(.changeSettings) else { throw AccountsError.notAllowed }
        try await database.withTransaction { transaction in
            // One administrator at a time, so that what the audit log says was there before was there.
            try await transaction.execute("LOCK TABLE panel_settings IN SHARE ROW EXCLUSIVE MODE")
            let old = try await settings.read(on: transaction)
            for key in PanelSettings.Key.allCases {
                guard let value = values[key] else { continue }
                guard !settings.fixed.contains(key) else {
                    throw AccountsError.settingFixed(key.name, by: key.variable ?? "")
                }
                var new = old
                if let value { try new.set(key, to: value) }
                let after = value == nil ? settings.standard[key] : new[key]
                let isBackToStandard = value == nil && old.changed.contains(key)
                guard after != old[key] || isBackToStandard else { continue }
                if value == nil {
                    try await settings.remove(key, on: transaction)
                } else {
                    try await settings.write(key, after, at: now(), on: transaction)
                }
                guard after != old[key] else { continue }
                try await audit.record(
                    .settingChanged,
                    by: viewer,
                    subject: key.name,
                    before: [key.name: old[key]],
                    after: [key.name: after],
                    on: transaction
                )
            }
        }
        settings.forget()
    }

    /// Logins within a minute, as an administrator has set it.
    func loginLimit() async throws -> AttemptLimit { try await limit(configuration.logins) }

    func resetLimit() async throws -> AttemptLimit { try await limit(configuration.resets) }

    private func limit(_ standard: AttemptLimit) async throws -> AttemptLimit {
        let settings = try await settings.current()
        var limit = standard
        if settings.changed.contains(.loginsPerMinute) { limit.count = settings.loginsPerMinute }
        return limit
    }
}

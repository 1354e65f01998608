import Database
import Testing

@testable import Accounts

@Suite(.timeLimit(.minutes(5)))
struct PanelSettingsTests {
    @Test(arguments: [
        (PanelSettings.Key.registration, "no"), (.registration, ""), (.loginsPerMinute, "0"),
        (.loginsPerMinute, "1001"),
        (.callsPerMinute, "-1"), (.writesPerMinute, "1e3"), (.botCheckSeconds, "3601"), (.noticeDays, ""),
        (.noticeDays, "7,0"), (.noticeDays, "1,2,3,4,5,6"), (.noticeDays, "7;3"), (.approvalMonths, "4"),
        (.botPrefix, ""), (.botPrefix, "a b"), (.botPrefix, "12345"), (.supportContact, "a\nb"),
        (.supportContact, String(repeating: "x", count: 201)),
    ])
    func valuesThatDoNotFitAreRefused(key: PanelSettings.Key, text: String) {
        var settings = PanelSettings()
        #expect(throws: AccountsError.invalidSetting(key.name)) { try settings.set(key, to: text) }
        #expect(settings == PanelSettings())
    }

    @Test(arguments: [
        (PanelSettings.Key.registration, "false", "false"), (.loginsPerMinute, "1000", "1000"),
        (.noticeDays, "1, 14 3,3", "14, 3, 1"), (.approvalMonths, "6", "6"), (.botPrefix, ".", "."),
        (.supportContact, "", ""), (.supportContact, "help@example.com", "help@example.com"),
    ])
    func valuesAreKeptAsTheyAreShown(key: PanelSettings.Key, text: String, shown: String) throws {
        var settings = PanelSettings()
        try settings.set(key, to: text)
        #expect(settings[key] == shown)
        #expect(settings.changed == [key])
        var again = PanelSettings()
        try again.set(key, to: shown)
        #expect(again == settings)
    }

    @Test func changesHoldElsewhereAndAreLogged() async throws {
        try await AccountsWorld.run { world in
            let root = try await world.makeAdministrator()
            let other = try AccountsWorld(world.database)
            try await world.service.change([.loginsPerMinute: "7", .noticeDays: "14, 2"], by: root)
            #expect(try await other.service.panelSettings().loginsPerMinute == 7)
            #expect(try await other.service.panelSettings().noticeDays == [14, 2])
            let lines = try await world.service.audit.lines(AuditFilter(), limit: 2)
            #expect(lines.map(\.action) == ["admin.setting_changed", "admin.setting_changed"])
            #expect(lines.last?.subject == "loginsPerMinute")
            #expect(lines.last?.before?.contains("\"100\"") == true)
            #expect(lines.last?.after?.contains("\"7\"") == true)
            // The same once more is no change, and nothing is the standard again.
            try await world.service.change([.loginsPerMinute: "7"], by: root)
            #expect(try await world.service.audit.lines(AuditFilter(), limit: 2).map(\.id) == lines.map(\.id))
            let standard: [PanelSettings.Key: String?] = [.loginsPerMinute: nil]
            try await world.service.change(standard, by: root)
            #expect(try await world.service.panelSettings().loginsPerMinute == 100)
            #expect(try await world.service.panelSettings().changed == [.noticeDays])
        }
    }

    @Test func oneBadValueChangesNothing() async throws {
        try await AccountsWorld.run { world in
            let root = try await world.makeAdministrator()
            await #expect(throws: AccountsError.invalidSetting("botPrefix")) {
                try await world.service.change([.loginsPerMinute: "7", .botPrefix: ""], by: root)
            }
            #expect(try await world.service.panelSettings().changed.isEmpty)
        }
    }

    @Test func whatTheConfigurationSaysWins() async throws {
        try await AccountsWorld.run { world in
            let root = try await world.makeAdministrator()
            try await world.service.change([.registration: "false", .callsPerMinute: "9"], by: root)
            let fixed = try AccountsWorld(world.database) { $0.fixedSettings = [.registration] }
            #expect(try await fixed.service.panelSettings().isRegistrationOpen)
            #expect(try await fixed.service.panelSettings().callsPerMinute == 9)
            await #expect(throws: AccountsError.settingFixed("registrationOpen", by: "WHARF_REGISTRATION")) {
                try await fixed.service.change([.registration: "true"], by: root)
            }
        }
    }

    @Test func loginsAreCountedByTheSetting() async throws {
        try await AccountsWorld.run { world in
            let root = try await world.makeAdministrator()
            _ = try await world.register()
            try await world.service.change([.loginsPerMinute: "2"], by: root)
            func fail() async throws {
                _ = try await world.service.logIn(
                    email: "ada@example.com",
                    password: "wrong",
                    caller: Caller(address: "192.0.2.99", network: "192.0.2.99", userAgent: "x")
                )
            }
            for _ in 0..<2 { await #expect(throws: AccountsError.wrongCredentials) { try await fail() } }
            await #expect {
                try await fail()
            } throws: { error in
                if case AccountsError.tooManyAttempts = error { true } else { false }
            }
        }
    }

    /// A value that another version wrote does not stop anybody.
    @Test func strangeRowsAreLeftAside() async throws {
        try await AccountsWorld.run { world in
            try await world.database.execute(
                """
                INSERT INTO panel_settings (key, value, updated_at)
                VALUES ('nothing', 'x', now()), ('noticeDays', 'often', now())
                """
            )
            #expect(try await world.service.panelSettings().changed.isEmpty)
        }
    }
}

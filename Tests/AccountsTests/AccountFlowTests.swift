import Database
import Foundation
import Testing

@testable import Accounts

@Suite(.timeLimit(.minutes(5)))
struct AccountFlowTests {
    @Test func registeringSendsALinkThatProvesTheAddress() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            #expect(!viewer.account.isEmailVerified)
            #expect(try await !world.service.isReady(viewer, for: .bots))
            #expect(try await world.service.isReady(viewer, for: .ownAccount))
            let mail = try #require(try await world.mail(to: "ada@example.com"))
            #expect(mail.subject == "verify")
            try await world.service.verifyEmail(mail.token, caller: AccountsWorld.caller)
            let after = try await world.logIn()
            #expect(after.account.isEmailVerified)
            #expect(try await world.service.isReady(after, for: .bots))
            await #expect(throws: AccountsError.linkOver) {
                try await world.service.verifyEmail(mail.token, caller: AccountsWorld.caller)
            }
        }
    }

    @Test func linksEnd() async throws {
        try await AccountsWorld.run { (world) async throws in
            _ = try await world.register()
            let mail = try #require(try await world.mail(to: "ada@example.com"))
            world.clock.advance(by: .seconds(3 * 86_400))
            await #expect(throws: AccountsError.linkOver) {
                try await world.service.verifyEmail(mail.token, caller: AccountsWorld.caller)
            }
        }
    }

    @Test func aResetSetsANewPasswordAndLogsOutEverywhere() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            try await world.service.askForReset(email: "ADA@example.com", caller: AccountsWorld.caller)
            let mail = try #require(try await world.mail(to: "ada@example.com"))
            #expect(mail.subject == "reset")
            await #expect(throws: AccountsError.weakPassword(.tooShort)) {
                try await world.service.resetPassword(mail.token, to: "short", caller: AccountsWorld.caller)
            }
            try await world.service.resetPassword(mail.token, to: "seven gulls over rope", caller: AccountsWorld.caller)
            await #expect(throws: AccountsError.linkOver) {
                try await world.service.resetPassword(mail.token, to: "another rope", caller: AccountsWorld.caller)
            }
            #expect(try await world.service.loginSessions(of: viewer).isEmpty)
            await #expect(throws: AccountsError.wrongCredentials) { try await world.logIn() }
            #expect(try await world.logIn(password: "seven gulls over rope").account.isEmailVerified)
            #expect(try await world.mail(to: "ada@example.com")?.subject == "password_changed")
        }
    }

    @Test func nobodyLearnsWhoHasAnAccount() async throws {
        try await AccountsWorld.run { (world) async throws in
            _ = try await world.register()
            try await world.service.askForReset(email: "eve@example.com", caller: AccountsWorld.caller)
            #expect(try await world.mail(to: "eve@example.com") == nil)
        }
    }

    /// An unknown address must cost as much as a wrong password.
    ///
    /// The quickest of several tries each, taken in turns, so that a busy machine disturbs both or neither.
    @Test func unknownAddressesTakeAsLongAsWrongPasswords() async throws {
        try await AccountsWorld.run(parameters: Argon2Parameters(memory: 8_192, passes: 3, lanes: 1)) { _ in
        } _: { (world) async throws in
            _ = try await world.register()
            func time(_ email: String) async throws -> Duration {
                let start = ContinuousClock.now
                _ = try? await world.service.logIn(email: email, password: "wrong words", caller: AccountsWorld.caller)
                return .now - start
            }
            var (known, unknown) = (Duration.seconds(60), Duration.seconds(60))
            for _ in 0..<9 {
                known = min(known, try await time("ada@example.com"))
                unknown = min(unknown, try await time("eve@example.com"))
            }
            #expect(unknown > known * 0.5 && unknown < known * 2, "\(known) \(unknown)")
        }
    }

    @Test func passwordsAreHashedAnewWhenTheWorkRises() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            let old = try #require(try await world.service.accounts.passwordHash(of: viewer.account.id))
            let stronger = try AccountsWorld(
                world.database,
                parameters: Argon2Parameters(memory: 128, passes: 2, lanes: 1)
            )
            _ = try await stronger.logIn()
            let new = try #require(try await world.service.accounts.passwordHash(of: viewer.account.id))
            #expect(old.contains("m=64,t=1"))
            #expect(new.contains("m=128,t=2"))
            _ = try await stronger.logIn()
            #expect(try await world.service.accounts.passwordHash(of: viewer.account.id) == new)
        }
    }

    @Test func theAddressChangesWhenTheNewOneIsProved() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            try await world.service.askForEmailChange(to: "countess@example.com", by: viewer)
            #expect(try await world.service.account(viewer.account.id).email.text == "ada@example.com")
            let mail = try #require(try await world.mail(to: "countess@example.com"))
            try await world.service.verifyEmail(mail.token, caller: AccountsWorld.caller)
            let account = try await world.service.account(viewer.account.id)
            #expect(account.email.text == "countess@example.com")
            #expect(account.isEmailVerified)
            #expect(try await world.mail(to: "ada@example.com")?.subject == "email_changed")
        }
    }

    @Test func anAddressThatIsTakenMeanwhileStaysItsOwners() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            try await world.service.askForEmailChange(to: "bob@example.com", by: viewer)
            let mail = try #require(try await world.mail(to: "bob@example.com"))
            _ = try await world.register("bob@example.com", name: "Bob")
            await #expect(throws: AccountsError.emailTaken) {
                try await world.service.verifyEmail(mail.token, caller: AccountsWorld.caller)
            }
        }
    }

    @Test func sensitiveChangesWantAFreshProof() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            world.clock.advance(by: .seconds(3_600))
            await #expect(throws: AccountsError.confirmationNeeded) {
                try await world.service.changePassword(to: "seven gulls over rope", by: viewer)
            }
            await #expect(throws: AccountsError.wrongCredentials) {
                _ = try await world.service.confirm(viewer, password: "wrong password")
            }
            let confirmed = try await world.service.confirm(viewer, password: AccountsWorld.password)
            try await world.service.changePassword(to: "seven gulls over rope", by: confirmed)
            #expect(try await world.logIn(password: "seven gulls over rope").account.id == viewer.account.id)
        }
    }

    @Test func devicesAreListedAndRevoked() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            let second = try await world.logIn()
            let stranger = try await world.register("eve@example.com", name: "Eve")
            guard case .browser(let id) = second.credential else { return }
            #expect(try await world.service.loginSessions(of: viewer).count == 2)
            // Another account's id is unknown, and nothing happens to it.
            await #expect(throws: AccountsError.unknownLoginSession) {
                try await world.service.revoke(id, by: stranger)
            }
            try await world.service.revoke(id, by: viewer)
            #expect(try await world.service.loginSessions(of: viewer).count == 1)
        }
    }

    @Test func browsersAreLoggedOutAfterAWhile() async throws {
        try await AccountsWorld.run { (world) async throws in
            _ = try await world.register(isVerified: true)
            let outcome = try await world.service.logIn(
                email: "ada@example.com",
                password: AccountsWorld.password,
                caller: AccountsWorld.caller
            )
            guard case .loggedIn(_, let cookie) = outcome else { throw AccountsError.wrongCredentials }
            // Looking in keeps it alive, and no longer than its lifetime in all.
            for _ in 0..<4 {
                world.clock.advance(by: .seconds(20 * 86_400))
                #expect(try await world.service.viewer(cookie: cookie, caller: AccountsWorld.caller) != nil)
            }
            world.clock.advance(by: .seconds(20 * 86_400))
            #expect(try await world.service.viewer(cookie: cookie, caller: AccountsWorld.caller) == nil)
        }
    }

    @Test func deletingTakesEverythingButTheLog() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register(isVerified: true)
            _ = try await world.service.makeKey(name: "bot", scopes: ["bots:read"], expiresAt: nil, by: viewer)
            let export = try await world.service.export(viewer, bots: [String](), links: [String]())
            let text = String(decoding: export, as: UTF8.self)
            #expect(text.contains("ada@example.com") && text.contains("\"bot\""))
            #expect(!text.contains("argon2") && !text.contains("hash"))
            try await world.service.delete(viewer)
            await #expect(throws: AccountsError.unknownAccount) {
                _ = try await world.service.account(viewer.account.id)
            }
            #expect(try await world.actions().last == "account.deleted")
            #expect(try await world.register().account.id != viewer.account.id)
        }
    }

    @Test func theAuditLogOnlyGrows() async throws {
        try await AccountsWorld.run { (world) async throws in
            _ = try await world.register()
            for statement: SQL in [
                "UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log", "TRUNCATE audit_log",
            ] {
                await #expect(throws: DatabaseError.self) { try await world.database.execute(statement) }
            }
            #expect(try await world.actions() == ["account.registered"])
        }
    }

    @Test func theAuditLogIsFiltered() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            _ = try await world.register("eve_1@example.com", name: "Eve")
            try await world.service.changeName(to: "Ada Lovelace", by: viewer)
            func actions(_ change: (inout AuditFilter) -> Void) async throws -> [String] {
                var filter = AuditFilter()
                change(&filter)
                return try await world.service.audit.lines(filter, limit: 10).map(\.action)
            }
            #expect(
                try await actions { $0.account = viewer.account.id } == ["account.name_changed", "account.registered"]
            )
            #expect(try await actions { $0.action = "account.name" } == ["account.name_changed"])
            #expect(try await actions { $0.text = "eve_1" } == ["account.registered"])
            // Neither sign of LIKE means anything in a search.
            #expect(try await actions { $0.text = "%" } == [])
            #expect(try await actions { $0.text = "eve%1" } == [])
            #expect(try await actions { $0.text = "'; DROP TABLE audit_log; --" } == [])
        }
    }
}

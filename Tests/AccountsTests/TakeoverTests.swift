import Foundation
import Testing

@testable import Accounts

/// Ways in that must not outlast what they came from.
@Suite(.timeLimit(.minutes(5)))
struct TakeoverTests {
    private static let newPassword = "seven gulls over rope"

    @Test func lookingOnEndsWithTheAdministratorsOwnSession() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            let ada = try await world.register()
            let cookie = try await world.service.signIn(as: ada.account.id, by: root)
            let looking = try await world.viewer(cookie)
            let second = try await world.logIn("root@example.com")
            try await world.service.revokeOthers(by: second)
            #expect(try await world.service.viewer(cookie: cookie, caller: AccountsWorld.caller) == nil)
            await #expect(throws: AccountsError.notAllowed) { _ = try await world.service.stopSigningIn(looking) }
        }
    }

    @Test func lookingOnProvesNothingAnew() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            let ada = try await world.register()
            let looking = try await world.viewer(try await world.service.signIn(as: ada.account.id, by: root))
            world.clock.advance(by: .seconds(1_800))
            let back = try await world.viewer(try await world.service.stopSigningIn(looking))
            #expect(back.credential == root.credential)
            #expect(back.confirmedAt == root.confirmedAt)
            await #expect(throws: AccountsError.confirmationNeeded) {
                _ = try await world.service.signIn(as: ada.account.id, by: back)
            }
        }
    }

    @Test func noProgramAdministersAccounts() async throws {
        try await AccountsWorld.run { (world) async throws in
            let root = try await world.makeAdministrator()
            let ada = try await world.register()
            let (_, key) = try await world.service.makeKey(name: "k", scopes: ["admin"], expiresAt: nil, by: root)
            let program = try #require(try await world.service.viewer(bearer: key, caller: AccountsWorld.caller))
            await #expect(throws: AccountsError.confirmationNeeded) {
                try await world.service.setRole(.admin, of: ada.account.id, by: program)
            }
            await #expect(throws: AccountsError.confirmationNeeded) {
                try await world.service.setStatus(.suspended, of: ada.account.id, by: program)
            }
        }
    }

    @Test func aNewPasswordVoidsLinksThatAreOnTheirWay() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register()
            try await world.service.askForEmailChange(to: "eve@example.com", by: ada)
            let change = try #require(try await world.mail(to: "eve@example.com")).token
            try await world.service.askForReset(email: "ada@example.com", caller: AccountsWorld.caller)
            let reset = try #require(try await world.mail(to: "ada@example.com")).token
            try await world.service.changePassword(to: Self.newPassword, by: ada)
            await #expect(throws: AccountsError.linkOver) {
                try await world.service.verifyEmail(change, caller: AccountsWorld.caller)
            }
            await #expect(throws: AccountsError.linkOver) {
                try await world.service.resetPassword(reset, to: "another old rope", caller: AccountsWorld.caller)
            }
        }
    }

    @Test func aLinkToAFormerAddressResetsNothing() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register()
            try await world.service.askForReset(email: "ada@example.com", caller: AccountsWorld.caller)
            let reset = try #require(try await world.mail(to: "ada@example.com")).token
            let address = try #require(EmailAddress("new@example.com"))
            try await world.service.accounts.setEmail(
                address,
                of: ada.account.id,
                at: world.clock.now,
                on: world.database
            )
            await #expect(throws: AccountsError.linkOver) {
                try await world.service.resetPassword(reset, to: Self.newPassword, caller: AccountsWorld.caller)
            }
        }
    }

    /// Whoever registers with somebody else's address keeps no way in when its owner comes.
    @Test func aResetTakesEveryWayInFromWhoeverMadeTheAccount() async throws {
        try await AccountsWorld.run { configuration in
            configuration.settings.needsVerifiedEmail = false
        } _: { (world) async throws in
            let eve = try await world.register()
            let (_, key) = try await world.service.makeKey(name: "k", scopes: ["bots:read"], expiresAt: nil, by: eve)
            _ = try await world.service.proposeSecondFactor(for: eve)
            let secret = try await world.service.secondFactorSecret(of: eve.account.id)
            _ = try await world.service.enableSecondFactor(
                code: TOTP.code(secret, step: TOTP.step(at: world.clock.now)),
                by: eve
            )
            try await world.service.askForReset(email: "ada@example.com", caller: AccountsWorld.caller)
            let reset = try #require(try await world.mail(to: "ada@example.com")).token
            try await world.service.resetPassword(reset, to: Self.newPassword, caller: AccountsWorld.caller)
            #expect(try await world.service.viewer(bearer: key, caller: AccountsWorld.caller) == nil)
            #expect(try await !world.logIn(password: Self.newPassword).account.hasSecondFactor)
        }
    }

    @Test func nobodyProvesAnothersAddress() async throws {
        try await AccountsWorld.run { (world) async throws in
            let bob = try await world.register("bob@example.com", name: "Bob")
            _ = try await world.register()
            let proof = try #require(try await world.mail(to: "ada@example.com")).token
            await #expect(throws: AccountsError.notAllowed) {
                try await world.service.verifyEmail(proof, by: bob, caller: AccountsWorld.caller)
            }
            #expect(try await world.service.isVerificationGood(proof))
        }
    }

    @Test func keysWantAFreshProofAndOutliveNoMaker() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register(isVerified: true)
            let end = world.clock.now + .seconds(86_400)
            let (_, text) = try await world.service.makeKey(
                name: "Day",
                scopes: ["account:write"],
                expiresAt: end,
                by: ada
            )
            let maker = try #require(try await world.service.viewer(bearer: text, caller: AccountsWorld.caller))
            let (made, _) = try await world.service.makeKey(
                name: "More",
                scopes: ["account:write"],
                expiresAt: nil,
                by: maker
            )
            #expect(made.expiresAt == end)
            world.clock.advance(by: .seconds(3_600))
            await #expect(throws: AccountsError.confirmationNeeded) {
                _ = try await world.service.makeKey(name: "k", scopes: ["bots:read"], expiresAt: nil, by: ada)
            }
        }
    }

    /// A login that was checked against the old password does not open a session after the new one was set.
    @Test func aLoginDoesNotOvertakeANewPassword() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register()
            let (account, hash) = try await world.service.checkedAccount(
                email: "ada@example.com",
                password: AccountsWorld.password,
                caller: AccountsWorld.caller
            )
            try await world.service.changePassword(to: Self.newPassword, by: ada)
            await #expect(throws: AccountsError.wrongCredentials) {
                _ = try await world.service.beginChallenge(for: account, passwordHash: hash)
            }
        }
    }

    @Test func newPasswordsAndRightLoginsHaveTheirLimits() async throws {
        try await AccountsWorld.run { configuration in
            configuration.logins.count = 2
            configuration.loginsInAll.count = 3
            configuration.browsersPerAccount = 2
        } _: { (world) async throws in
            let ada = try await world.register()
            for _ in 0..<3 { _ = try await world.logIn() }
            await #expect(throws: AccountsError.tooManyAttempts(retryAfter: .seconds(60))) { try await world.logIn() }
            #expect(try await world.service.loginSessions(of: ada).count == 2)
            for password in [Self.newPassword, AccountsWorld.password] {
                try await world.service.changePassword(to: password, by: ada)
            }
            await #expect(throws: AccountsError.tooManyAttempts(retryAfter: .seconds(60))) {
                try await world.service.changePassword(to: Self.newPassword, by: ada)
            }
        }
    }

    @Test func whoeverMayBeAnybodyInvitesNobody() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register()
            await #expect(throws: AccountsError.emailNotVerified) {
                try await world.service.invite("bob@example.com", by: ada)
            }
        }
    }

    @Test func textsThatCannotBeKeptAreRefusedOrFindNobody() async throws {
        try await AccountsWorld.run { (world) async throws in
            let marks = String(repeating: "\u{301}", count: 2_000)
            for email in ["a\0@example.com", "a\(marks)@example.com"] {
                await #expect(throws: AccountsError.wrongCredentials) { try await world.logIn(email) }
            }
            let root = try await world.makeAdministrator()
            var search = AccountSearch()
            search.text = "a\0" + marks
            #expect(try await world.service.search(search, limit: 10, by: root).isEmpty)
            await #expect(throws: AccountsError.invalidName) {
                let name = String(repeating: "a\u{301}", count: 35)
                _ = try await world.service.makeKey(name: name, scopes: ["bots:read"], expiresAt: nil, by: root)
            }
        }
    }
}

import Database
import Foundation
import Testing

@testable import Accounts

/// What one person does not learn of another, and cannot do to another.
@Suite(.timeLimit(.minutes(5)))
struct PrivacyTests {
    private static let elsewhere = Caller(address: "198.51.100.9", network: "198.51.100.9", userAgent: "Harbour/9")

    private func register(_ world: AccountsWorld, password: String = AccountsWorld.password) async throws -> Bool {
        let outcome = try await world.service.register(
            email: "ada@example.com",
            name: "Ada",
            password: password,
            language: .english,
            caller: Self.elsewhere
        )
        if case .mailed = outcome { return true }
        return false
    }

    @Test func registeringTellsNobodyWhoIsHere() async throws {
        try await AccountsWorld.run { (world) async throws in
            #expect(try await register(world))
            let proof = try #require(try await world.mail(to: "ada@example.com"))
            #expect(proof.subject == "verify")
            // Nor does a login tell whether that made an account.
            await #expect(throws: AccountsError.wrongCredentials) { _ = try await world.logIn() }
            // Once more, because the mail got lost: the newest link is good.
            #expect(try await register(world, password: "seven gulls over rope"))
            let again = try #require(try await world.mail(to: "ada@example.com"))
            #expect(again.subject == "verify" && again.token.text != proof.token.text)
            try await world.service.verifyEmail(again.token, caller: AccountsWorld.caller)
            // The password is the first one's: the second did not replace it.
            #expect(try await world.logIn().account.isEmailVerified)
            #expect(try await register(world, password: "seven gulls over rope"))
            #expect(try await world.mail(to: "ada@example.com")?.subject == "address_known")
            #expect(try await world.logIn().account.name == "Ada")
        }
    }

    @Test func registeringFloodsNobody() async throws {
        try await AccountsWorld.run { (world) async throws in
            _ = try await world.register(isVerified: true)
            for _ in 0..<8 { #expect(try await register(world)) }
            let row = try await world.database.queryOne(
                "SELECT count(*) AS count FROM mail_outbox WHERE subject = 'address_known'"
            )
            #expect(try row?.decode("count", as: Int.self) == 3)
        }
    }

    @Test func wantingAnAddressTellsNobodyWhoIsHere() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register(isVerified: true)
            _ = try await world.register("bob@example.com", name: "Bob", isVerified: true)
            try await world.service.askForEmailChange(to: "bob@example.com", by: ada)
            #expect(try await world.mail(to: "bob@example.com")?.subject == "address_known")
            try await world.service.askForEmailChange(to: "free@example.com", by: ada)
            #expect(try await world.mail(to: "free@example.com")?.subject == "verify")
        }
    }

    @Test func whichAdministratorLookedOnIsNotTold() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register(isVerified: true)
            _ = try await world.service.provideAdministrator(
                email: "root@example.com",
                password: AccountsWorld.password
            )
            let outcome = try await world.service.logIn(
                email: "root@example.com",
                password: AccountsWorld.password,
                caller: Self.elsewhere
            )
            guard case .loggedIn(_, let cookie) = outcome,
                let root = try await world.service.viewer(cookie: cookie, caller: Self.elsewhere)
            else { throw AccountsError.wrongCredentials }
            _ = try await world.service.signIn(as: ada.account.id, by: root)
            let sessions = try await world.service.loginSessions(of: ada)
            let foreign = try #require(sessions.first { $0.isImpersonated })
            #expect(foreign.address == "" && foreign.userAgent == "")
            #expect(sessions.filter { !$0.isImpersonated }.map(\.address) == ["192.0.2.7"])
            let text = String(
                decoding: try await world.service.export(ada, bots: [String](), links: [String]()),
                as: UTF8.self
            )
            #expect(text.contains("admin.signed_in_as"))
            #expect(!text.contains("root@example.com"))
            #expect(!text.contains("198.51.100.9"))
            #expect(!text.contains("Harbour"))
        }
    }

    @Test func askingForResetsLocksNobodyOut() async throws {
        try await AccountsWorld.run { configuration in
            configuration.resets.count = 3
        } _: { (world) async throws in
            let ada = try await world.register()
            for number in 0..<12 {
                let caller = Caller(address: "198.51.100.\(number)", network: "198.51.100.\(number)", userAgent: "")
                try await world.service.askForReset(email: "ada@example.com", caller: caller)
            }
            let row = try await world.database.queryOne(
                "SELECT count(*) AS count FROM mail_outbox WHERE subject = 'reset'"
            )
            #expect(try row?.decode("count", as: Int.self) == 3)
            // The newest of them is good, and so is everything that she asks for herself.
            let link = try #require(try await world.mail(to: "ada@example.com"))
            try await world.service.sendVerification(to: ada)
            try await world.service.askForEmailChange(to: "countess@example.com", by: ada)
            try await world.service.askForReset(email: "ada@example.com", caller: AccountsWorld.caller)
            try await world.service.resetPassword(
                link.token,
                to: "seven gulls over rope",
                caller: AccountsWorld.caller
            )
        }
    }

    @Test func wrongLoginsOfOthersDoNotKeepFromConfirming() async throws {
        try await AccountsWorld.run { configuration in
            configuration.logins.count = 2
        } _: { (world) async throws in
            let ada = try await world.register()
            for _ in 0..<2 {
                _ = try? await world.service.logIn(email: "ada@example.com", password: "guess", caller: Self.elsewhere)
            }
            await #expect(throws: AccountsError.tooManyAttempts(retryAfter: .seconds(60))) {
                _ = try await world.logIn()
            }
            _ = try await world.service.confirm(ada, password: AccountsWorld.password)
        }
    }

    @Test func keysWantAProvedAddress() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register()
            await #expect(throws: AccountsError.emailNotVerified) {
                _ = try await world.service.makeKey(name: "Backup", scopes: ["bots:read"], expiresAt: nil, by: ada)
            }
        }
    }

    @Test func programsThatLogInHaveALimit() async throws {
        try await AccountsWorld.run { configuration in
            configuration.programsPerAccount = 2
        } _: { (world) async throws in
            _ = try await world.register()
            var tokens: [APITokens] = []
            for _ in 0..<3 {
                tokens.append(
                    try await world.service.logInProgram(
                        email: "ada@example.com",
                        password: AccountsWorld.password,
                        code: nil,
                        caller: AccountsWorld.caller
                    )
                )
                world.clock.advance(by: .seconds(1))
            }
            let rows = try await world.database.queryOne("SELECT count(*) AS count FROM api_logins")
            #expect(try rows?.decode("count", as: Int.self) == 2)
            await #expect(throws: AccountsError.invalidToken) {
                _ = try await world.service.refresh(tokens[0].refreshToken, caller: AccountsWorld.caller)
            }
            _ = try await world.service.refresh(tokens[2].refreshToken, caller: AccountsWorld.caller)
        }
    }

    @Test func secondFactorsOutlastTheMasterKey() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register()
            _ = try await world.service.proposeSecondFactor(for: ada)
            let secret = try await world.service.secondFactorSecret(of: ada.account.id)
            let (old, new) = ([UInt8](repeating: 3, count: 32), [UInt8](repeating: 4, count: 32))
            let careless = try AccountsWorld(world.database, keys: AccountKeys(secret: new))
            await #expect(throws: (any Error).self) {
                _ = try await careless.service.secondFactorSecret(of: ada.account.id)
            }
            let careful = try AccountsWorld(world.database, keys: AccountKeys(secret: new, former: [old]))
            #expect(try await careful.service.secondFactorSecret(of: ada.account.id) == secret)
            // Sealed anew at the start, so that the former key can go.
            try await careful.service.renewSeals()
            #expect(try await careless.service.secondFactorSecret(of: ada.account.id) == secret)
        }
    }

    @Test func whoWatchesHearsOfChangedRights() async throws {
        try await AccountsWorld.run { (world) async throws in
            let ada = try await world.register(isVerified: true)
            let root = try await world.makeAdministrator()
            var heard = world.service.access.watch(ada.account.id).makeAsyncIterator()
            var all = world.service.access.watch().makeAsyncIterator()
            try await world.service.setStatus(.suspended, of: ada.account.id, by: root)
            #expect(await heard.next() == ada.account.id)
            #expect(await all.next() == ada.account.id)
            try await world.service.setStatus(.active, of: ada.account.id, by: root)
            #expect(await heard.next() == ada.account.id)
        }
    }
}

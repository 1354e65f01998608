import Foundation
import Testing

@testable import Accounts

@Suite(.timeLimit(.minutes(5)))
struct CredentialTests {
    @Test func tokensAreRefreshedInALine() async throws {
        try await AccountsWorld.run { (world) async throws in
            _ = try await world.register()
            let first = try await world.service.logInProgram(
                email: "ada@example.com",
                password: AccountsWorld.password,
                code: nil,
                caller: AccountsWorld.caller
            )
            let viewer = try await world.service.viewer(bearer: first.accessToken, caller: AccountsWorld.caller)
            #expect(viewer?.account.email.text == "ada@example.com")
            let second = try await world.service.refresh(first.refreshToken, caller: AccountsWorld.caller)
            let third = try await world.service.refresh(second.refreshToken, caller: AccountsWorld.caller)
            #expect(try await world.service.viewer(bearer: third.accessToken, caller: AccountsWorld.caller) != nil)
        }
    }

    @Test func aTokenThatComesTwiceEndsTheLogin() async throws {
        try await AccountsWorld.run { (world) async throws in
            _ = try await world.register()
            let first = try await world.service.logInProgram(
                email: "ada@example.com",
                password: AccountsWorld.password,
                code: nil,
                caller: AccountsWorld.caller
            )
            let second = try await world.service.refresh(first.refreshToken, caller: AccountsWorld.caller)
            await #expect(throws: AccountsError.tokenReused) {
                _ = try await world.service.refresh(first.refreshToken, caller: AccountsWorld.caller)
            }
            // Neither the thief nor the owner goes on with it.
            await #expect(throws: AccountsError.invalidToken) {
                _ = try await world.service.refresh(second.refreshToken, caller: AccountsWorld.caller)
            }
            #expect(try await world.service.viewer(bearer: second.accessToken, caller: AccountsWorld.caller) == nil)
            #expect(try await world.actions().contains("account.token_reused"))
        }
    }

    @Test func ofManyRefreshesAtOnceOneIsTaken() async throws {
        try await AccountsWorld.run { (world) async throws in
            _ = try await world.register()
            let tokens = try await world.service.logInProgram(
                email: "ada@example.com",
                password: AccountsWorld.password,
                code: nil,
                caller: AccountsWorld.caller
            )
            let service = world.service
            let taken = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        (try? await service.refresh(tokens.refreshToken, caller: AccountsWorld.caller)) != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(taken == 1)
        }
    }

    @Test func accessTokensEndBySettingTheClock() async throws {
        try await AccountsWorld.run { (world) async throws in
            _ = try await world.register()
            let tokens = try await world.service.logInProgram(
                email: "ada@example.com",
                password: AccountsWorld.password,
                code: nil,
                caller: AccountsWorld.caller
            )
            world.clock.advance(by: .seconds(16 * 60))
            #expect(try await world.service.viewer(bearer: tokens.accessToken, caller: AccountsWorld.caller) == nil)
            #expect(
                try await world.service.refresh(tokens.refreshToken, caller: AccountsWorld.caller).account.name == "Ada"
            )
            world.clock.advance(by: .seconds(31 * 86_400))
            await #expect(throws: AccountsError.invalidToken) {
                _ = try await world.service.refresh(tokens.refreshToken, caller: AccountsWorld.caller)
            }
        }
    }

    @Test func keysReachAsFarAsTheirScopes() async throws {
        try await AccountsWorld.run { (world) async throws in
            let owner = try await world.register(isVerified: true)
            let (key, text) = try await world.service.makeKey(
                name: "Backup",
                scopes: ["bots:read"],
                expiresAt: nil,
                by: owner
            )
            #expect(text.text.hasPrefix(key.prefix))
            let viewer = try #require(try await world.service.viewer(bearer: text, caller: AccountsWorld.caller))
            #expect(viewer.may(.botsRead))
            #expect(!viewer.may(.botsWrite))
            #expect(!viewer.may(.accountRead))
            // A key makes no key that may do more, and an account none that it may not itself.
            await #expect(throws: AccountsError.unknownScope("bots:write")) {
                _ = try await world.service.makeKey(name: "More", scopes: ["bots:write"], expiresAt: nil, by: viewer)
            }
            await #expect(throws: AccountsError.unknownScope("admin")) {
                _ = try await world.service.makeKey(name: "More", scopes: ["admin"], expiresAt: nil, by: owner)
            }
            let used = try #require(try await world.service.apiKeys(of: owner).first)
            #expect(used.lastUsedAt == world.clock.now)
            #expect(used.lastAddress == "192.0.2.7")
            let stranger = try await world.register("eve@example.com", name: "Eve")
            await #expect(throws: AccountsError.unknownKey) { try await world.service.revokeKey(key.id, by: stranger) }
            try await world.service.revokeKey(key.id, by: owner)
            #expect(try await world.service.viewer(bearer: text, caller: AccountsWorld.caller) == nil)
        }
    }

    @Test func keysEnd() async throws {
        try await AccountsWorld.run { (world) async throws in
            let owner = try await world.register(isVerified: true)
            let (_, text) = try await world.service.makeKey(
                name: "Week",
                scopes: ["bots:read"],
                expiresAt: world.clock.now + .seconds(7 * 86_400),
                by: owner
            )
            #expect(try await world.service.viewer(bearer: text, caller: AccountsWorld.caller) != nil)
            world.clock.advance(by: .seconds(7 * 86_400))
            #expect(try await world.service.viewer(bearer: text, caller: AccountsWorld.caller) == nil)
        }
    }

    @Test func keysHaveALimit() async throws {
        try await AccountsWorld.run { configuration in
            configuration.keysPerAccount = 1
        } _: { (world) async throws in
            let owner = try await world.register(isVerified: true)
            _ = try await world.service.makeKey(name: "One", scopes: ["bots:read"], expiresAt: nil, by: owner)
            await #expect(throws: AccountsError.tooManyKeys(limit: 1)) {
                _ = try await world.service.makeKey(name: "Two", scopes: ["bots:read"], expiresAt: nil, by: owner)
            }
        }
    }

    @Test func theSecondFactorIsAskedForAndItsCodesAreTakenOnce() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            let codes = try await enable(world, viewer)
            #expect(Set(codes).count == 10)
            world.clock.advance(by: .seconds(60))
            let challenge = try #require(try await challenge(world))
            await #expect(throws: AccountsError.wrongCode) {
                _ = try await world.service.logIn(challenge: challenge, code: "000000", caller: AccountsWorld.caller)
            }
            let code = try await currentCode(world, viewer)
            let (account, _) = try await world.service.logIn(
                challenge: challenge,
                code: " \(code.prefix(3)) \(code.suffix(3)) ",
                caller: AccountsWorld.caller
            )
            #expect(account.id == viewer.account.id)
            // Neither the challenge nor the code is good for another login.
            await #expect(throws: AccountsError.challengeOver) {
                _ = try await world.service.logIn(challenge: challenge, code: code, caller: AccountsWorld.caller)
            }
            let next = try #require(try await self.challenge(world))
            await #expect(throws: AccountsError.wrongCode) {
                _ = try await world.service.logIn(challenge: next, code: code, caller: AccountsWorld.caller)
            }
            // A recovery code opens once.
            _ = try await world.service.logIn(
                challenge: next,
                code: codes[0].uppercased(),
                caller: AccountsWorld.caller
            )
            let last = try #require(try await self.challenge(world))
            await #expect(throws: AccountsError.wrongCode) {
                _ = try await world.service.logIn(challenge: last, code: codes[0], caller: AccountsWorld.caller)
            }
            #expect(try await world.service.recoveryCodesLeft(of: viewer) == 9)
        }
    }

    @Test func aChallengeEndsAfterFiveTries() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            _ = try await enable(world, viewer)
            world.clock.advance(by: .seconds(60))
            let challenge = try #require(try await challenge(world))
            for _ in 0..<5 {
                await #expect(throws: AccountsError.wrongCode) {
                    _ = try await world.service.logIn(
                        challenge: challenge,
                        code: "000000",
                        caller: AccountsWorld.caller
                    )
                }
            }
            let code = try await currentCode(world, viewer)
            await #expect(throws: AccountsError.challengeOver) {
                _ = try await world.service.logIn(challenge: challenge, code: code, caller: AccountsWorld.caller)
            }
        }
    }

    @Test func programsNeedTheSecondFactorToo() async throws {
        try await AccountsWorld.run { (world) async throws in
            let viewer = try await world.register()
            _ = try await enable(world, viewer)
            world.clock.advance(by: .seconds(60))
            await #expect(throws: AccountsError.wrongCode) {
                _ = try await world.service.logInProgram(
                    email: "ada@example.com",
                    password: AccountsWorld.password,
                    code: nil,
                    caller: AccountsWorld.caller
                )
            }
            let tokens = try await world.service.logInProgram(
                email: "ada@example.com",
                password: AccountsWorld.password,
                code: try await currentCode(world, viewer),
                caller: AccountsWorld.caller
            )
            #expect(tokens.account.hasSecondFactor)
        }
    }

    private func enable(_ world: AccountsWorld, _ viewer: Viewer) async throws -> [String] {
        _ = try await world.service.proposeSecondFactor(for: viewer)
        return try await world.service.enableSecondFactor(code: try await currentCode(world, viewer), by: viewer)
    }

    private func challenge(_ world: AccountsWorld) async throws -> SecretToken? {
        let outcome = try await world.service.logIn(
            email: "ada@example.com",
            password: AccountsWorld.password,
            caller: AccountsWorld.caller
        )
        guard case .needsCode(let challenge) = outcome else { return nil }
        return challenge
    }

    /// What an authenticator would show.
    private func currentCode(_ world: AccountsWorld, _ viewer: Viewer) async throws -> String {
        let secret = try await world.service.secondFactorSecret(of: viewer.account.id)
        return TOTP.code(secret, step: TOTP.step(at: world.clock.now))
    }
}

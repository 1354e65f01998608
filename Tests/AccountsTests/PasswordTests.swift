import Testing

@testable import Accounts

struct PasswordRulesTests {
    @Test(arguments: [
        ("short", PasswordProblem.tooShort), ("password123!", .common), ("Password1234", .common),
        ("1234567890", .common), ("abcdefghijkl", .common), ("aaaaaaaaaaaa", .monotonous),
        ("abababababab", .monotonous),
        ("adalovelace1", .likeAccount), ("ada.l@example.com", .likeAccount),
        (String(repeating: "ab12-", count: 60), .tooLong),
        ("Admin123456!!", .common), ("changemenow", .common),
    ])
    func weakPasswordsAreRefused(password: String, problem: PasswordProblem) {
        let email = EmailAddress("ada.l@example.com")
        #expect(PasswordRules.problem(with: password, email: email, name: "AdaLovelace") == problem, "\(password)")
    }

    @Test(arguments: ["harbour crane at dawn", "tX9#qLw2vB", "kapal biru di dermaga", "пристань на рассвете"])
    func othersAreTaken(password: String) {
        #expect(PasswordRules.problem(with: password, email: EmailAddress("ada@example.com"), name: "Ada") == nil)
    }
}

@Suite(.timeLimit(.minutes(5)))
struct PasswordHasherTests {
    private static let cheap = Argon2Parameters(memory: 64, passes: 1, lanes: 1)

    @Test func aPasswordFitsItsHashAlone() async throws {
        let hasher = try PasswordHasher(parameters: Self.cheap, threads: 1, queueLimit: 8)
        let hash = try await hasher.hash("harbour crane at dawn")
        #expect(hash.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$"))
        #expect(try await hasher.verify("harbour crane at dawn", against: hash))
        #expect(try await !hasher.verify("harbour crane at dusk", against: hash))
        #expect(try await !hasher.verify("harbour crane at dawn", against: nil))
        #expect(try await hasher.hash("harbour crane at dawn") != hash)
        await hasher.shutdown()
    }

    /// Made by the reference program: `echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1 -l 32 -e`.
    @Test func hashesOfOtherProgramsAreRead() async throws {
        let hash = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        #expect(try Argon2.verify("password", against: hash))
        #expect(Argon2.parameters(of: hash) == Argon2Parameters(memory: 256, passes: 2, lanes: 1))
    }

    @Test func hashesWithLessWorkAreOutdated() throws {
        let hasher = try PasswordHasher(
            parameters: Argon2Parameters(memory: 128, passes: 2, lanes: 1),
            threads: 1,
            queueLimit: 8
        )
        #expect(hasher.isOutdated("$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$abc"))
        #expect(hasher.isOutdated("$argon2id$v=19$m=128,t=1,p=1$c29tZXNhbHQ$abc"))
        #expect(!hasher.isOutdated("$argon2id$v=19$m=128,t=2,p=1$c29tZXNhbHQ$abc"))
        #expect(!hasher.isOutdated("$argon2id$v=19$m=256,t=3,p=1$c29tZXNhbHQ$abc"))
        #expect(hasher.isOutdated("something else"))
    }

    @Test func aFullQueueTurnsAway() async throws {
        let slow = Argon2Parameters(memory: 8_192, passes: 4, lanes: 1)
        let hasher = try PasswordHasher(parameters: slow, threads: 1, queueLimit: 2)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await hasher.hash("harbour crane at dawn")
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: (done: 0, refused: 0)) { counts, isDone in
                if isDone { counts.done += 1 } else { counts.refused += 1 }
            }
        }
        #expect(outcomes.done >= 2)
        #expect(outcomes.refused > 0)
        #expect(try await hasher.hash("harbour crane at dawn").hasPrefix("$argon2id$"))
        await hasher.shutdown()
    }
}

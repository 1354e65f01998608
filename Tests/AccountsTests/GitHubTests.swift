import Foundation
import HTTPClient
import Testing

@testable import Accounts

/// Logging in with GitHub, against a server of our own that answers as GitHub documents it.
@Suite(.timeLimit(.minutes(5)))
struct GitHubTests {
    private static let provider = Provider.gitHub(clientID: "Iv1.harbour", clientSecret: "s3cret")

    private func address(_ text: String) throws -> [String: String] {
        let items = try #require(URLComponents(string: text)?.queryItems)
        return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    private func run(_ body: (FakeGitHub, ProviderClient) async throws -> Void) async throws {
        let http = HTTPClient()
        do {
            let gitHub = try FakeGitHub()
            defer { gitHub.stop() }
            var places = GitHubPlaces()
            places.authorize = gitHub.base + "/login/oauth/authorize"
            places.token = gitHub.base + "/login/oauth/access_token"
            places.api = gitHub.base
            try await body(gitHub, ProviderClient(http: http, gitHub: places))
        } catch {
            await http.shutdown()
            throw error
        }
        await http.shutdown()
    }

    private let attempt = ProviderClient.Attempt(
        state: "the-state",
        nonce: "unused",
        verifier: "a-verifier-of-forty-three-characters-or-more-0123",
        redirect: "http://127.0.0.1:8080/login/with/github/callback"
    )

    @Test func theBrowserIsSentWithAStateAndAChallenge() async throws {
        try await run { gitHub, client in
            let text = try await client.address(Self.provider, attempt)
            #expect(text.hasPrefix(gitHub.base + "/login/oauth/authorize?"))
            let fields = try address(text)
            #expect(fields["client_id"] == "Iv1.harbour")
            #expect(fields["state"] == "the-state")
            #expect(fields["scope"] == "read:user user:email")
            #expect(fields["code_challenge_method"] == "S256")
            #expect(fields["code_challenge"] == gitHub.challenge(of: attempt.verifier))
            #expect(fields["client_secret"] == nil)
        }
    }

    @Test func thePersonIsWhoItsTokenSays() async throws {
        try await run { gitHub, client in
            let fields = try address(try await client.address(Self.provider, attempt))
            let code = gitHub.authorize(challenge: fields["code_challenge"] ?? "")
            let identity = try await client.identity(Self.provider, code: code, attempt)
            #expect(identity.subject == "583231")
            #expect(identity.email.text == "octo@example.com")
            #expect(identity.name == "Mona Lisa Octocat")
            #expect(gitHub.agents.allSatisfy { !$0.isEmpty })
            // A code is good once.
            await #expect(throws: AccountsError.providerFailed(.badToken)) {
                _ = try await client.identity(Self.provider, code: code, attempt)
            }
        }
    }

    @Test func aCodeOfAnotherBrowserIsWorthNothing() async throws {
        try await run { gitHub, client in
            let code = gitHub.authorize(challenge: gitHub.challenge(of: "somebody else's verifier"))
            await #expect(throws: AccountsError.providerFailed(.badToken)) {
                _ = try await client.identity(Self.provider, code: code, attempt)
            }
            await #expect(throws: AccountsError.providerFailed(.badToken)) {
                _ = try await client.identity(Self.provider, code: "made-up", attempt)
            }
        }
    }

    @Test func anAddressMustBeVerifiedThere() async throws {
        try await run { gitHub, client in
            for emails in [
                #"[{"email":"octo@example.com","primary":true,"verified":false,"visibility":"public"}]"#,
                #"[{"email":"octo@example.com","primary":false,"verified":true,"visibility":null}]"#, "[]",
            ] {
                gitHub.answer("/user/emails", with: emails)
                let code = gitHub.authorize(challenge: gitHub.challenge(of: attempt.verifier))
                await #expect(throws: AccountsError.providerFailed(.unverifiedEmail)) {
                    _ = try await client.identity(Self.provider, code: code, attempt)
                }
            }
        }
    }

    @Test func thePrimaryAddressMayStandFarDown() async throws {
        try await run { gitHub, client in
            let others = (0..<40).map { #"{"email":"\#($0)@example.com","primary":false,"verified":true}"# }
            let last = #"{"email":"octo@example.com","primary":true,"verified":true}"#
            gitHub.answer("/user/emails", with: "[\((others + [last]).joined(separator: ","))]")
            let code = gitHub.authorize(challenge: gitHub.challenge(of: attempt.verifier))
            let identity = try await client.identity(Self.provider, code: code, attempt)
            #expect(identity.email.text == "octo@example.com")
        }
    }

    @Test(arguments: [#"{"message":"Bad credentials"}"#, "<html>", #"{"id":"583231"}"#])
    func whatIsNoAnswerIsNone(user: String) async throws {
        try await run { gitHub, client in
            gitHub.answer("/user", with: user)
            let code = gitHub.authorize(challenge: gitHub.challenge(of: attempt.verifier))
            await #expect(throws: AccountsError.providerFailed(.unreachable)) {
                _ = try await client.identity(Self.provider, code: code, attempt)
            }
        }
    }

    @Test func aPersonLogsInAndIsKnownAgain() async throws {
        try await AccountsWorld.run { (world) async throws in
            try await run { gitHub, client in
                let service = try AccountsWorld(world.database, client: client) { configuration in
                    configuration.providers = [Self.provider]
                }.service
                var people: Set<AccountID> = []
                for _ in 0..<2 {
                    let (location, browser) = try await service.beginAtProvider(
                        "github",
                        returnPath: "/dashboard",
                        linking: nil,
                        caller: AccountsWorld.caller
                    )
                    let fields = try address(location)
                    let outcome = try await service.finishAtProvider(
                        "github",
                        state: try #require(fields["state"]),
                        code: gitHub.authorize(challenge: try #require(fields["code_challenge"])),
                        browser: browser,
                        viewer: nil,
                        language: .english,
                        caller: AccountsWorld.caller
                    )
                    guard case .loggedIn(let account, _, _) = outcome else { throw AccountsError.wrongCredentials }
                    #expect(account.email.text == "octo@example.com" && account.isEmailVerified)
                    people.insert(account.id)
                }
                #expect(people.count == 1)
            }
        }
    }
}
